/** How a role of an account is written here. A rule takes more: the roles of somebody else's issuer have other names. */
export const ROLE_FORM = /^[a-z][a-z0-9_-]{0,31}$/

/** The most roles that an account may have. */
export const MAX_ROLES = 16
