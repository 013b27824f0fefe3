/**
 * Lines of JavaScript, TypeScript and Python that hand a literal to what signs, or fall back to one. History has no syntax tree to
 * read (a hunk is no program), so this goes line by line; what is in the tree today is judged by the tree.
 */
import { isReference, isSentence, looksRandom, type SecretFinding, saysSecret } from '../secrets/index.ts'

const LONGEST_LINE = 2_000
/** Of one line: each is read on from its bracket, so that a line of nothing but calls would be read as often as it is long. */
const MOST_CALLS = 20
/** Names whose literal signs or encrypts. Passwords in code are tests and forms too often to be told apart by a line. */
const SIGNS =
  /secret(?!ary|ion|s_?manager)|private_?key|signing_?key|sign_?key|encryption_?key|(?:jwt|hmac)_?key|(?:db|database|postgres|pg|mysql|mongo|redis|smtp|mail|email|admin|root)_?pass(?:word)?$/i

const EXPRESSIONS: readonly { readonly pattern: RegExp; readonly rule: string }[] = [
  // process.env.JWT_SECRET || 'x'
  {
    rule: 'fallback',
    pattern:
      /\b(?:env|ENV|Env|config|get)(?:\.|\[["']|\(["'])()([A-Za-z_][\w.]{2,80})["'\])]{0,3}\s{0,10}(?:\|\||\?\?|\bor\b)\s{0,10}["'`]([^"'`\\$]{1,300})["'`]/g,
  },
  // os.getenv('JWT_SECRET', 'x'), environ.get, config('…', default='x'), configService.get('…', 'x')
  {
    rule: 'fallback',
    pattern:
      /\b(?:getenv|get|env|config|str|getOrDefault|pop|setdefault)(?:<\w{1,30}>)?\(\s{0,10}(["'])([A-Za-z_][\w.]{2,80})\1\s{0,10},\s{0,10}(?:default\s{0,3}=\s{0,3})?["'`]([^"'`\\$]{1,300})["'`]/g,
  },
  // JWT_SECRET: z.string().default('x'), SECRET_KEY: str = Field(default="x")
  {
    rule: 'fallback',
    pattern:
      /(?<![\w.])()([A-Za-z_]\w{2,80})\s{0,10}[:=][^"'`\n]{0,120}(?:\.default\(|default\s{0,3}[:=]|Field\(|SecretStr\()\s{0,10}["'`]([^"'`\\$]{1,300})["'`]/g,
  },
  // SECRET_KEY = 'x', secret: 'x', "secretOrKey": 'x', SECRET_KEY: str = 'x', app.config['SECRET_KEY'] = 'x'
  {
    rule: 'sink',
    pattern:
      /(?<!\w)()([A-Za-z_]\w{2,80})["']?\]?\s{0,10}(?::\s{0,5}(?:str|string|String|SecretStr|Secret|Optional\[str\]|str \| None)\s{0,5})?(?:(?<![=!<>])=(?![=>])|:(?![:=]))\s{0,10}["'`]([^"'`\\$]{1,300})["'`]/g,
  },
]

/** What a name that says secret has in it, and a line with none of it has no such name: most lines are not searched. */
const SAYS = /secret|pass|pwd|token|credential|key|salt|auth|cred|signature|hmac|pepper|seed|dsn|webhook|cipher|jwt/i
const QUOTE = /["'`]/
const CALL = /\b(?:sign|verify|signAsync|verifyAsync|encode|decode|cookieParser|HMAC)\(/

const CALLS = /(?:\b([A-Za-z_][\w.]{0,60})\.)?\b(sign|verify|signAsync|verifyAsync|encode|decode|cookieParser|HMAC)\(/g
const JWT_OBJECT = /jwt|jose|jsonwebtoken|token/i
const OTHER_OBJECT =
  /crypto|hash|bcrypt|argon|scrypt|password|signature|ws|url|base64|buffer|querystring|encoder|ecdsa|rsa/i
const NO_KEY = /^(?:utf-?8|hex|base64(?:url)?|ascii|latin1|binary|(?:rs|hs|es|ps)\d{3}|sha\d+|md5)$/i
const ONE_TIME_CODE = /^\d{4,8}$/

/** Comments, imports, and types: `type SecretOrigin = 'shape' | 'entropy'` names no secret. */
const NO_VALUE = /^\s*(?:\/\/|#|\*|\/\*|"""|import\b|from\b|(?:export\s+)?(?:declare\s+)?(?:type|interface)\s)/

/** Line by line; `line` counts from 1 in the text. */
export const sinkSecrets = (text: string): readonly SecretFinding[] => {
  const findings = new Map<number, SecretFinding>()
  const isInExample = exampleReader()
  let offset = 0
  text.split('\n').forEach((line, index) => {
    if (line.length <= LONGEST_LINE && !isInExample(line) && QUOTE.test(line) && !NO_VALUE.test(line))
      for (const one of [...(SAYS.test(line) ? namedIn(line) : []), ...(CALL.test(line) ? calledIn(line) : [])])
        if (!findings.has(offset + one.start))
          findings.set(offset + one.start, {
            ...one,
            origin: one.rule === 'entropy' ? 'entropy' : one.rule === 'fallback' ? 'fallback' : 'sink',
            severity: 'high',
            line: index + 1,
            start: offset + one.start,
          })
    offset += line.length + 1
  })
  return [...findings.values()]
}

const EXAMPLE = /\bexamples?["']?\s{0,10}[:=]\s{0,10}(?=[[({])/
const LONGEST_EXAMPLE = 40

/** Whether a line is part of `"example": {…}`, which documents an API; one that does not end soon is taken for something else. */
const exampleReader = (): ((line: string) => boolean) => {
  let open = 0
  let lines = 0
  return (line) => {
    const start = open > 0 ? 0 : line.search(EXAMPLE)
    if (start < 0) return false
    lines = open > 0 ? lines + 1 : 1
    for (const sign of line.slice(start).replaceAll(/[^[\](){}]/g, '')) {
      open += /[[({]/.test(sign) ? 1 : -1
      if (open <= 0) break
    }
    if (lines >= LONGEST_EXAMPLE) open = 0
    open = Math.max(0, open)
    return true
  }
}

type InLine = Pick<SecretFinding, 'rule' | 'value' | 'start'> & { readonly name?: string }

const namedIn = (line: string): readonly InLine[] =>
  EXPRESSIONS.flatMap(({ pattern, rule }) =>
    [...line.matchAll(pattern)].flatMap((match) => {
      const [whole, , name = '', value = ''] = match
      const said = saysSecret(name)
      if (said === undefined || isNone(value, name)) return []
      const signs = SIGNS.test(name)
      if (!signs && !looksRandom(value)) return []
      return [{ rule: signs ? rule : 'entropy', name, value, start: match.index + whole.length - 1 - value.length }]
    }),
  )

const calledIn = (line: string): readonly InLine[] =>
  [...line.matchAll(CALLS)].slice(0, MOST_CALLS).flatMap((match) => {
    const [whole, object = '', callee = ''] = match
    const jwt = JWT_OBJECT.test(object)
    if (OTHER_OBJECT.test(object) && !jwt) return []
    if (/^(?:encode|decode)$/.test(callee) && !jwt) return []
    const literal = argumentAt(line, match.index + whole.length, callee === 'cookieParser' ? 0 : 1)
    if (literal === undefined || isNone(literal.value, '') || NO_KEY.test(literal.value)) return []
    // `totp.verify(secret, '123456')`
    if (object !== '' && !jwt && ONE_TIME_CODE.test(literal.value)) return []
    return [{ rule: 'sink', name: callee, ...literal }]
  })

/** The value names something rather than being it: `'JWT_SECRET'` is asked for by that name, `'auth.secret'` is a path of settings. */
const isNone = (value: string, name: string): boolean =>
  isReference(value.trim()) ||
  // `print("SECRET_KEY:", config["SECRET_KEY"])`: what stands between two texts.
  /^\s*[,)\]}]/.test(value) ||
  /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(value) ||
  /^[a-z]\w*(?:\.[A-Za-z_]\w*)+$/.test(value) ||
  isSentence(value) ||
  (/[A-Z]/.test(name.charAt(0)) && value.toLowerCase() === name.toLowerCase())

/** The call's argument at that index where it is a plain text; brackets and quotes before it are skipped whole. */
const argumentAt = (line: string, from: number, wanted: number): { value: string; start: number } | undefined => {
  let depth = 0
  let index = 0
  let fresh = true
  for (let at = from; at < line.length; at += 1) {
    const character = line[at] ?? ''
    if (/["'`]/.test(character)) {
      const end = closing(line, at)
      if (end === -1) return undefined
      if (depth === 0 && index === wanted && fresh) {
        const value = line.slice(at + 1, end)
        const next = line
          .slice(end + 1)
          .trimStart()
          .charAt(0)
        return (next === ',' || next === ')') && !(character === '`' && value.includes('$'))
          ? { value, start: at + 1 }
          : undefined
      }
      at = end
      fresh = false
    } else if ('([{'.includes(character)) depth += 1
    else if (')]}'.includes(character)) {
      depth -= 1
      if (depth < 0) return undefined
    } else if (character === ',' && depth === 0) {
      index += 1
      fresh = true
      if (index > wanted) return undefined
      continue
    }
    if (!/\s/.test(character)) fresh = false
  }
  return undefined
}

const closing = (line: string, open: number): number => {
  for (let at = open + 1; at < line.length; at += 1) {
    if (line[at] === '\\') at += 1
    else if (line[at] === line[open]) return at
  }
  return -1
}
