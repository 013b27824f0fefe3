export const ONE_MINUTE_MS = 60 * 1000

// The access token's life, in seconds
export const ACCESS_TOKEN_TTL = 15 * 60

export const CREDENTIAL_TRIES_PER_MINUTE = 10
export const REQUESTS_PER_MINUTE = 200

export const JSON_BODY_LIMIT = '16kb'
