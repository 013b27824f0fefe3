/**
 * Reads base64url (RFC 7515, section 2) in its one canonical spelling: no padding, no foreign character, unused bits zero.
 * Any other text is undefined.
 */
export const decodeBase64url = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64url')
  // Buffer skips what it does not know and drops unused bits: only what comes back the same was canonical.
  return bytes.toString('base64url') === text ? bytes : undefined
}
