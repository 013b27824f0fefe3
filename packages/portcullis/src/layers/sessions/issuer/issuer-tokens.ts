/** What is believed of somebody else's token. */
export interface IssuerClaims {
  readonly sub: string
  /** The issuer's `sid`; '' when the token has none. */
  readonly sid: string
  /** What the claim of roles holds; empty without one. */
  readonly roles: readonly string[]
}

/** The claims of somebody else's token that may be believed, or the reason why not: for the log only. */
export type IssuerVerified =
  | { readonly ok: true; readonly claims: IssuerClaims }
  | { readonly ok: false; readonly reason: string }

/** The tokens of an issuer that is not this program: they are verified here, and neither issued nor revoked. */
export interface IssuerTokens {
  /**
   * Answers the claims of a token or a refusal: at once when the key is known; by a promise when its kid is not, and the issuer is
   * asked for its keys once more.
   *
   * @throws IssuerError (or rejects with one) when the issuer's keys could not be read for so long that they are believed no more
   */
  verify(token: string): IssuerVerified | Promise<IssuerVerified>
}
