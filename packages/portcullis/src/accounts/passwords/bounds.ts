/** The length of a password, in characters (code points after NFC) and in bytes of UTF-8. NIST SP 800-63B-4 §3.1.1.2, ASVS 6.2.1, 6.2.9. */
export const PASSWORD_BOUNDS = Object.freeze({ minCharacters: 10, maxCharacters: 256, maxBytes: 1024 })

/** The one form in which passwords are counted, compared and hashed, so that é is é however a keyboard composes it. */
export const normalise = (password: string): string => password.normalize('NFC')

/** True when a password (in NFC) is short enough to be worked on: longer ones never reach argon2. */
export const fits = (password: string): boolean =>
  // The length is asked first: it is free, and no character takes more than two of it.
  password.length <= 2 * PASSWORD_BOUNDS.maxCharacters &&
  Buffer.byteLength(password) <= PASSWORD_BOUNDS.maxBytes &&
  characters(password) <= PASSWORD_BOUNDS.maxCharacters

/** How many characters: code points. */
export const characters = (password: string): number => [...password].length
