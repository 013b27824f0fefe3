/** What is called like a secret, and what looks like the value of one. */

const SECRET_NAME =
  /(?:secret|passw(?:or)?d|passphrase|pwd|api_?key|private_?key|signing_?key|encryption_?key|auth_?key|access_?key|secret_?key|jwt_?key|session_?key|credential|pepper|auth_?token|api_?token|bot_?token)s?$/i
const NOT_A_SECRET =
  /(?:min|max|length|expir|field|label|name|type|policy|regex|pattern|url|uri|path|header|cookie_?name|reset|forgot|change|update|confirm|message|error|algorithm|hint|placeholder|schema|strategy|column|public|rounds|salt_?rounds|id|wrong|incorrect|missing)s?(?:_|$)/i

export const isSecretName = (name: string): boolean =>
  SECRET_NAME.test(name) && !NOT_A_SECRET.test(name.replace(SECRET_NAME, ''))

export const looksSecret = (name: string, text: string): boolean => {
  const plain = (one: string) => one.toLowerCase().replace(/[^a-z0-9]/g, '')
  if (text.trim() === '' || /\s/.test(text.trim()) || text.length > 4000)
    return text.startsWith('-----BEGIN') && /PRIVATE/.test(text)
  if (
    /^(?:https?:)?\/\/|^\.{0,2}\/|^(?:true|false|null|none|undefined|string|bearer|basic|authorization|optional|required|hidden|omit|include|same-origin)$/i.test(
      text,
    )
  )
    return false
  // A mask (`••••`, `****`) hides one, and is none.
  if (/\$\{|\{\{|^<.*>$|^process\.env/.test(text) || !/[\p{L}\p{N}]/u.test(text)) return false
  // A list of names.
  if (/^[A-Z][A-Z0-9_]*(?:,[A-Z][A-Z0-9_]*)+$/.test(text)) return false
  // A key that names itself: RESET_PASSWORD = 'resetPassword', an injection token, a label.
  return (
    !(plain(name) === plain(text) && text.length < 40 && /[A-Z_-]/.test(text)) &&
    !(plain(text) === plain(name) && !/^(?:secret|password|secretkey)$/.test(plain(text)))
  )
}
