/**
 * Layer 1, sessions: access tokens and the key ring that signs them, refresh tokens that work once, revocation at once. Declares
 * the store it needs.
 */
export type {
  AccessTokens,
  AccessTokensOptions,
  RefusalReason,
  TokenVerifierOptions,
  Verified,
} from './access-tokens.ts'
export { accessTokens, isPartyName, PARTY_NAME, readPartyName, tokenVerifier } from './access-tokens.ts'
export type { Algorithm, IssuerAlgorithm, SigningKey, VerifyingKey } from './algorithms.ts'
export { bearerToken, readBearer } from './bearer.ts'
export type { Claims } from './claims.ts'
export { isId } from './ids.ts'
export { importJwks } from './import-jwks.ts'
export { issuerAddressFault, keysAddressFault } from './issuer/discover.ts'
export type { IssuerClaims } from './issuer/issuer-claims.ts'
export { IssuerError } from './issuer/issuer-error.ts'
export type { IssuerTokens, IssuerTokensOptions } from './issuer/issuer-tokens.ts'
export { issuerTokens, readClaimPath } from './issuer/issuer-tokens.ts'
export type { IssuerVerified } from './issuer/issuer-verifier.ts'
export type { IssuerNews, KeysState } from './issuer/kept-keys.ts'
export { noOwnSessions } from './issuer/no-own-sessions.ts'
export { outOfReach } from './issuer/out-of-reach.ts'
export type { KeptSecret } from './kept-secret.ts'
export { keptSecret } from './kept-secret.ts'
export type { KeyName, KeyRing } from './key-ring.ts'
export { generateSecret, JWKS_SECONDS, keyRing } from './key-ring.ts'
export { KeyRingError } from './key-ring-error.ts'
export { secretsIn } from './key-ring-text.ts'
export type { MemorySessionStoreOptions } from './memory-session-store.ts'
export { memorySessionStore } from './memory-session-store.ts'
export { pruneRegularly } from './pruning.ts'
export type { RotatingAccessTokens } from './rotating-access-tokens.ts'
export { rotatingAccessTokens } from './rotating-access-tokens.ts'
export type { Rotation, SessionInfo, SessionStore, StoredRefreshToken } from './session-store.ts'
export { MAX_SESSIONS_OF_USER } from './session-store.ts'
export type { Refreshed, SessionContext, Sessions, SessionsOptions, Tokens } from './sessions.ts'
export { MAX_SESSION_SECONDS, sessions } from './sessions.ts'
export type { Jwk } from './thumbprint.ts'
