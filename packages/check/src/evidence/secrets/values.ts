/** What stands where a secret would and is none. */

const REFERENCES = [
  // Filled in by somebody else: shells, compose, GitHub, templates, CloudFormation, Ansible, vaults.
  /^\$|^<|^\{|^%|^\[|^![A-Za-z:]+(?:\s|$)|^`|^\(|^&|^\*|\{\{|\$\{|\$\(|<%|^__\w+__$/,
  /^(?:ENC\[|vault:|ssm:|arn:|op:\/\/|sm:\/\/|secretsmanager|file:|env:|ref:|awssm)/i,
  /^(?:process\.env|os\.environ|import\.meta|env\(|env\.|config\.|secrets?\.|settings\.|self\.|this\.|var\.|local\.|data\.|os\.getenv)/i,
  /^(?:true|false|null|none|nil|undefined|yes|no|on|off|~|read|write|inherit|include|omit|same-origin|required|optional|enabled|disabled|string|str|text|any|boolean|bool|number|int|integer|object|admin-read)$/i,
  // A path, a URL (credentials in one are a shape of their own), an address.
  /^(?:\.{1,2}\/|~\/|[A-Za-z]:\\)|^\/(?:run|etc|var|app|home|usr|tmp|opt|secrets?|data|mnt|srv|root|api|auth|v\d)\b|^\/[\w./-]+\.\w{2,5}$|^\/[a-z-]+(?:\/[a-z-]+)*$/,
  /^[a-z][a-z0-9+.-]{1,20}:\/\//i,
  // A host: db.cluster-1.example.com. Of correct.horse.battery the last word is no domain.
  /^(?:[a-z0-9-]{1,63}\.){2,10}(?:[a-z]{2,3}|info|cloud|local|internal|example|test)$/,
  // The field of something: `parsed.password` of a program inside a script.
  /^[a-z_]\w{0,60}\.(?:\w{1,60}\.){0,5}(?:password|passwd|secret|token|key)$/,
  /^[\w.-]+\.(?:pem|key|crt|cer|json|ya?ml|txt|p12|jks|env|pub)$/i,
  // A version or a range of versions; a duration.
  /^[~^<>=v]{0,2}\d+(?:\.(?:\d+|x|\*))+[\w.+-]*$/,
  /^\d+(?:\.\d+)?\s?(?:ms|s|m|h|d|w|y|sec|min|hours?|days?|minutes?|seconds?|weeks?)$/i,
  // Nothing yet: xxxx, ****, ...., ----
  /^(.)\1*$/,
  /^x{3,}|^\.{3}|\.{3}$|…/i,
]

/** Something that names, points to or describes a secret, or an empty place for one. */
export const isReference = (value: string): boolean => value === '' || REFERENCES.some((one) => one.test(value))

const STAND_IN =
  /change|replace|your|example|placeholder|sample|dummy|todo|fixme|insert|redacted|removed|generate|random|default|secret|passw|token|key|xxx|test|demo|foo|bar|abc|1234|here|super|local|dev|admin|root|user|postgres|mysql|guest|fake|mock|lorem|some|value|string/i

/** A word for whoever copies an example to replace. */
export const isStandIn = (value: string): boolean => STAND_IN.test(value) || value.length < 8

/** A sentence or a label, as translations and descriptions have them. */
export const isProse = (value: string): boolean => /\S\s+\S/.test(value)

/** Five words and more, as what a test's marker is for. */
export const isSentence = (value: string): boolean => /(?:\S+\s+){4}\S/.test(value)
