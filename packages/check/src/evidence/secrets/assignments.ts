/** Names with their values in settings files: .env, YAML, JSON, TOML, ini, Dockerfiles and compose. Line by line, so that a part of a file will do. */
import type { Severity } from '../../items/index.ts'
import { kindOf, namesVariables } from '../project/index.ts'
import { looksRandom } from './entropy.ts'
import type { SecretFinding, SecretSource } from './finding.ts'
import { saysSecret } from './names.ts'
import { isApart } from './places.ts'
import { isProse, isReference, isSentence, isStandIn } from './values.ts'

interface Pair {
  readonly name: string
  readonly value: string
  /** Of the value, in the line. */
  readonly start: number
}

const LONGEST_LINE = 10_000
/** Their names are dependencies, documentation of fields, or rules about names. */
const NAMES_ARE_OTHERS =
  /(?:^|\/)(?:composer|app|vercel)\.json$|(?:^|\/)(?:pyproject|cargo|poetry)\.toml$|(?:^|\/)pipfile|requirements[\w.-]*\.txt$|(?:openapi|swagger)[\w.-]*\.(?:ya?ml|json)$|\.code-workspace$|(?:^|\/)\.(?:vscode|idea|husky)\//i

export const assignedSecrets = (text: string, { file, role }: SecretSource): readonly SecretFinding[] => {
  if (role === 'generated' || (kindOf(file) !== 'settings' && !MAKEFILE.test(file))) return []
  if (NAMES_ARE_OTHERS.test(file) || namesVariables(file)) return []
  const prosaic = /\.(?:ya?ml|json|sh)$/i.test(file)
  const describes = /\.(?:ini|cfg)$/i.test(file)
  const ordinary: Severity = isApart(file) ? 'low' : 'high'
  const findings: SecretFinding[] = []
  let offset = 0
  let number = 0
  let named: string | undefined
  const lines = text.split('\n')
  for (const line of lines) {
    number += 1
    const pairs = line.length > LONGEST_LINE ? [] : pairsOf(line, file, named)
    named = namedBy(line) ?? (line.trim() === '' ? named : undefined)
    for (const { name, value: whole, start } of pairs) {
      const { value, fallback } = fallbackOf(whole)
      const said = saysSecret(name)
      if (
        said === undefined ||
        isReference(value) ||
        namesItself(name, value) ||
        counts(name, value) ||
        namesKey(name, value) ||
        (name === 'secretKey' && text.includes('kind: ExternalSecret')) ||
        (isPassword(name) && isBesideLocalHost(lines, number - 1)) ||
        (describes && isSentence(value)) ||
        (prosaic && !/^[A-Z0-9_]+$/.test(name) && isProse(value))
      )
        continue
      const random = looksRandom(value)
      if (said === 'hint' && !random) continue
      if (role === 'example' && (!random || isStandIn(value))) continue
      const rule = said === 'hint' ? 'entropy' : fallback ? 'fallback' : 'assignment'
      const severity = role === 'program' ? ordinary : 'low'
      findings.push({
        rule,
        origin: rule,
        severity,
        value,
        name,
        line: number,
        start: offset + start + whole.indexOf(value),
      })
    }
    offset += line.length + 1
  }
  return findings
}

/** `AWS_SECRET_ACCESS_KEY=AWS_SECRET_ACCESS_KEY`, for a stand-in that asks for something only; `password=password` is one. */
const namesItself = (name: string, value: string): boolean => value === name && /^[A-Z0-9]+_[A-Z0-9_]+$/.test(name)

/** `secrets: "15"`, as a quota of Kubernetes says how many. */
const counts = (name: string, value: string): boolean =>
  /^(?:secrets|tokens|credentials)$/.test(name) && /^\d+$/.test(value)

/** `adminPasswordKey: postgres-password`, as a chart of Helm's says under which key a secret of Kubernetes holds it. */
const namesKey = (name: string, value: string): boolean =>
  /PasswordKey$|^passwordKey$/.test(name) && /^[a-z]+(?:[-_.][a-z]+)*$/.test(value)

const isPassword = (name: string): boolean => /^(?:password|passwd|pass)$/.test(name)
const LOCAL_HOST = /^\s*"?host"?\s*:\s*["']?(?:localhost|127\.0\.0\.1|::1)["']?,?\s*$/
/** Lines around that are looked at: a block is rarely longer. */
const MOST_BESIDE = 20

/** `"host": "localhost"` in the same block of JSON or YAML: a server on the machine of whoever develops, as in a URL. */
const isBesideLocalHost = (lines: readonly string[], index: number): boolean =>
  [-1, 1].some((step) => {
    const depth = depthOf(lines[index])
    for (let away = 1; away <= MOST_BESIDE; away += 1) {
      const line = lines[index + step * away]
      if (line === undefined || depthOf(line) < depth) return false
      if (depthOf(line) === depth && LOCAL_HOST.test(line)) return true
    }
    return false
  })

const depthOf = (line = ''): number => line.search(/\S|$/)

/** The value of `${X:-value}` and `${X-value}`: what is used where nobody set X. */
const fallbackOf = (value: string): { value: string; fallback: boolean } => {
  const inner = /^\$\{\w{1,100}:?-([^${}]{1,500})\}$/.exec(value)?.[1]
  return inner === undefined ? { value, fallback: false } : { value: inner, fallback: true }
}

const pairsOf = (line: string, file: string, named?: string): readonly Pair[] => {
  const bare = line.trim()
  if (bare === '' || /^(?:#|;|\/\/)/.test(bare)) return []
  if (MANIFEST.test(file)) return jsonPairs(line).flatMap(scriptPairs)
  if (MAKEFILE.test(file)) return [...makePairs(line), ...commandPairs(line)]
  if (/\.json5?$/i.test(file)) return jsonPairs(line)
  if (/(?:^|\/)(?:dockerfile|containerfile)|\.dockerfile$/i.test(file)) return dockerPairs(line)
  if (/\.ya?ml$/i.test(file)) return yamlPairs(line, named)
  const pair = onePair(line, /^\s*(?:export\s+|set\s+|declare\s+-x\s+)?/, /[=:]/)
  return pair === undefined ? (/\.sh$/i.test(file) ? commandPairs(line) : []) : [pair]
}

const NAME = /^["']?[A-Za-z_][\w.-]{0,100}["']?$/

const onePair = (line: string, lead: RegExp, separator: RegExp): Pair | undefined => {
  const skipped = lead.exec(line)?.[0].length ?? 0
  const rest = line.slice(skipped)
  const at = rest.search(separator)
  const name = rest.slice(0, at).trim()
  if (at < 1 || !NAME.test(name)) return undefined
  return { name: name.replaceAll(/["']/g, ''), ...valueFrom(line, skipped + at + 1) }
}

/** What is written from there on, without its quotes and the comment after it. */
const valueFrom = (line: string, from: number): { value: string; start: number } => {
  const start = from + (/^\s*/.exec(line.slice(from))?.[0].length ?? 0)
  const quote = line[start]
  if (quote === '"' || quote === "'") {
    const end = line.indexOf(quote, start + 1)
    return { value: line.slice(start + 1, end === -1 ? line.length : end).trim(), start: start + 1 }
  }
  const rest = line.slice(start)
  const comment = rest.startsWith('#') ? 0 : rest.search(/\s#/)
  return { value: (comment === -1 ? rest : rest.slice(0, comment)).replace(/[\s,;\\]*$/, ''), start }
}

const JSON_PAIR = /"([\w.:-]{1,100})"\s{0,20}:\s{0,20}"((?:[^"\\]|\\.){0,4000})"/g
const jsonPairs = (line: string): readonly Pair[] =>
  [...line.matchAll(JSON_PAIR)].map((match) => {
    const [whole, name = '', value = ''] = match
    return { name, value, start: match.index + whole.length - 1 - value.length }
  })

/** Of package.json only what its scripts set: `"start": "JWT_SECRET=… node app.js"`. */
const MANIFEST = /(?:^|\/)package\.json$/
const SCRIPT_PAIR = /(?:^|\s)([A-Z][A-Z0-9_]{2,100})=(?:\\"|')?([^\s"'\\&|;]{1,2000})/g
/** What a test or a developer starts with need be no secret. */
const OF_DEVELOPMENT = /test|e2e|dev|local|watch|lint|^ci$/i
const scriptPairs = ({ name: script, value: command, start }: Pair): readonly Pair[] =>
  [...command.matchAll(SCRIPT_PAIR)].flatMap(({ 0: whole, 1: name = '', 2: value = '', index }) =>
    OF_DEVELOPMENT.test(script) && !looksRandom(value)
      ? []
      : [{ name, value, start: start + index + whole.lastIndexOf(value) }],
  )

/** `JWT_SECRET=… uvicorn app:app`, `docker run -e JWT_SECRET=… api`: what developers run so need be no secret, unless it looks like one. */
const commandPairs = (line: string): readonly Pair[] => scriptPairs({ name: 'dev', value: line, start: 0 })

const MAKEFILE = /(?:^|\/)(?:(?:gnu)?makefile|justfile)$|\.mk$/i
/** `export JWT_SECRET ?= …` of a Makefile. */
const MAKE_PAIR = /^\s*(?:export\s+)?([A-Z][A-Z0-9_]{2,100})\s*(?:(?:::?|\?)=\s*|=\s+)(\S{1,2000})\s*$/
const makePairs = (line: string): readonly Pair[] => {
  const [, name, value = ''] = MAKE_PAIR.exec(line) ?? []
  return name === undefined || !looksRandom(value) ? [] : [{ name, value, start: line.lastIndexOf(value) }]
}

const DOCKER_PAIR = /(?:^|\s)([A-Za-z_]\w{0,100})=(?:"([^"]{0,2000})"|'([^']{0,2000})'|([^\s"']{0,2000}))/g
const dockerPairs = (line: string): readonly Pair[] => {
  const instruction = /^\s*(?:ENV|ARG)\s+/i.exec(line)
  const body = instruction === null ? line : line.slice(instruction[0].length)
  const skipped = line.length - body.length
  // The second line of an ENV that a backslash continues looks like an assignment by itself; so does a RUN that sets one.
  const pairs = [...body.matchAll(DOCKER_PAIR)].map((match) => {
    const value = match[2] ?? match[3] ?? match[4] ?? ''
    return { name: match[1] ?? '', value, start: skipped + match.index + match[0].lastIndexOf(value) }
  })
  if (pairs.length > 0 || instruction === null) return pairs
  const old = /^([A-Za-z_]\w{0,100})\s+(\S.*)$/.exec(body)
  return old?.[1] === undefined ? [] : [{ name: old[1], ...valueFrom(line, skipped + old[1].length) }]
}

const NAMED = /^\s*-?\s*(?:name:\s*["']?([A-Za-z_][\w.-]{0,100})|key:\s*["']?([A-Z][A-Z0-9_]{2,100}))["']?\s*$/
const namedBy = (line: string): string | undefined => {
  const [, name, key] = line.length > 300 ? [] : (NAMED.exec(line) ?? [])
  return name ?? key
}

const yamlPairs = (line: string, named: string | undefined): readonly Pair[] => {
  // Compose's list: `- NAME=value`, quoted or not.
  const item = /^\s*-\s+["']?(?=[A-Za-z_][\w.]{0,100}=)/.exec(line)
  if (item !== null) {
    const pair = onePair(line.replace(/["']\s*$/, ''), /^\s*-\s+["']?/, /=/)
    return pair === undefined ? [] : [pair]
  }
  const pair = onePair(line, /^\s*(?:-\s+)?/, /:(?=\s|$)/)
  if (pair === undefined) return []
  // Kubernetes: `name: X` and on the next line `value: Y`; Render: `key: X`.
  return [pair.name === 'value' && named !== undefined ? { ...pair, name: named } : pair]
}
