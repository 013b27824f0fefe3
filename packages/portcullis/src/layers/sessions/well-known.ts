/**
 * Secrets that stand in documentation, tutorials and standards, by SHA-256 (hex) of their text, so that no scanner takes this
 * list for a leak.
 */
export const KNOWN_SECRETS: ReadonlySet<string> = new Set([
  // FastAPI's tutorial on OAuth2 with JWT.
  '570dad43de1af4c925f92c16a68a50936da42b7dd6fdeb24850507a1199aac89',
  // Flask's documentation of SECRET_KEY.
  '2598f7d6adc142d88161630f3db12ab2bd3403521c281811e5e1ce60d4ac5d76',
  // Four of Spring's JWT tutorials.
  '3354cfcf65c7b2e6840ea6f880aede239750cb1d063950c4e8fd9fbf9ec73a32',
  '2a1d61d5e1997a7a64a97eb3d44c733a6473e0ff74d7850ecda2c429a1e885be',
  '5df73e1aa59d8f332c2f5fd6ea1c37d0f2266b623ea3c4efe6cb3d577fd6a5e1',
  '594c081d23de22b178ba34a9c8551fe23d3a7034d92717a5cb4a054337a4c714',
  // Two tutorials on JWT in ASP.NET Core.
  '0a156191bab76918c077502ba55581a677ebadcdb2b9dabca7e7b9fbd4d8427e',
  'f0e5408dfe18455f732ef7a5a19a25fd39a13abf041b3e9f35497e81c43ac43c',
  // LibreChat's .env.example: its JWT_SECRET and JWT_REFRESH_SECRET.
  '69024f21e9ad17594dcccd93e87399af24a5426ccfe6108d1787f0335966abc4',
  '282ad5f60261639fefed381976b4d0dde52eab5527a1ab2ec75d5be1efa1165b',
  // Dify's .env.example: its SECRET_KEY, which signs JWT.
  '0f44b34c6311bcb547867d393c1c56e6564e03d905fdd023637f549358bf3670',
  // Hasura's documentation of JWT mode.
  'ef1ca7491dee871be5f0e33a6d3f3e631bc8a69136fa49fddf3f3ca5bf3bd714',
  // RFC 7515, appendix A.1.
  '8b1b17a9740c068accab5c3d0d652c8e3cc13206e70bb73b42ea41d4c2de3c12',
  // RFC 7520, section 3.5.
  '0330b11998cbc9abd5a585e755cb5df2f73f1a5632fdcc2abb19e05e3eceddb9',
  // Wycheproof's HS256 vectors.
  '7023b575500b249bfff5c447122e96faa658e6109f772283b074046b9f7a87f0',
])

/** Private keys that stand in public, by the RFC 7638 thumbprint of their public half. */
export const KNOWN_KEYS: ReadonlySet<string> = new Set([
  // RFC 8037, appendix A.
  'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
  // RFC 7515, appendix A.3.
  'oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U',
  // jwt.io, ES256.
  '19J8y7Zprt2-QKLjF2I5pVk0OELX6cY2AfaAv1LC_w8',
  // Wycheproof's ES256 vectors.
  'jtGSXJVYuZVE0cLF8m4OWz-gvUEtc1LxRfUd7fMBarg',
])

/**
 * Words that somebody wrote and no generator did, in lower case without what is no letter or digit. In 43 random characters the
 * shortest of them stands once in 30 million times.
 */
export const PLACEHOLDER_WORDS: readonly string[] = [
  'secret',
  'password',
  'passw0rd',
  'changeme',
  'changethis',
  'changeit',
  'replaceme',
  'replacethis',
  'replacewith',
  'example',
  'default',
  'placeholder',
  'insecure',
  'development',
  'production',
  'privatekey',
  'signingkey',
  'qwertyuiop',
  'yoursecret',
  'your256bit',
  'yourjwt',
  'yourkey',
  'portcullis',
  'letmein',
  'donotuse',
  'reallyreally',
]
