/** Where one literal decides, and what would stand there instead: only of what is written out, never of what an expression comes to. */
import type { At, Call, Node, Value } from '../source/index.ts'
import type { Edit, OriginsLiteral } from './facts.ts'
import type { Reading } from './reading.ts'

const textOf = (reading: Reading, file: string): string => reading.program.modules.get(file)?.text ?? ''

const slice = (reading: Reading, { file, start, end }: At): string => textOf(reading, file).slice(start, end)

const isPython = (file: string): boolean => file.endsWith('.py')

const quoteOf = (file: string, text: string): OriginsLiteral['quote'] =>
  (/['"]/.exec(text)?.[0] ?? (isPython(file) ? '"' : "'")) === '"' ? '"' : "'"

/** A scheme, a name or an IPv4 address, and a port: what a mend may write into a program. */
export const isPlainOrigin = (text: string): boolean =>
  /^https?:\/\/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/.test(text)

const literalAt = (
  reading: Reading,
  at: At,
  around: { readonly before: string; readonly after: string },
  kept: readonly string[] = [],
): OriginsLiteral => {
  const from = slice(reading, at)
  return { file: at.file, start: at.start, end: at.end, from, ...around, quote: quoteOf(at.file, from), kept }
}

/** As a part of a setting: nothing where there is none. */
export const literalOf = (literal: OriginsLiteral | undefined): { readonly literal?: OriginsLiteral } =>
  literal === undefined ? {} : { literal }

const BARE = { before: '', after: '' }

/** `'*'`, `true`, `['*', 'https://app.example.com']`: as they stand. */
export const writtenOrigins = (reading: Reading, node: Node): OriginsLiteral | undefined => {
  if (node.kind === 'literal')
    return node.value === '*' || node.value === true ? literalAt(reading, node.at, BARE) : undefined
  if (node.kind !== 'list' || !/^\[[\s\S]*\]$/.test(slice(reading, node.at))) return
  const items = node.items.map((one) =>
    one.kind === 'literal' && typeof one.value === 'string' ? one.value : undefined,
  )
  const kept = items.filter((one) => one !== '*')
  // Anything but plain origins beside the star may let in more than it seems to: that takes somebody's eyes.
  if (kept.length === items.length || !kept.every((one) => one !== undefined && isPlainOrigin(one))) return
  return literalAt(reading, node.at, BARE, kept as readonly string[])
}

type ObjectValue = Extract<Value, { kind: 'object' }>

/** The only entry of that name in an object that is written out, where nothing that is spread into it has the last word. */
const entryIn = (value: ObjectValue, name: string): Node | undefined => {
  const node = value.node?.node
  if (node?.kind !== 'object') return
  const [entry, ...more] = node.entries.filter(({ key }) => key.kind === 'literal' && key.value === name)
  const came = value.entries.get(name)
  return more.length === 0 &&
    entry !== undefined &&
    came?.at.start === entry.value.at.start &&
    came.at.file === node.at.file
    ? entry.value
    : undefined
}

/** `{ origin: '*' }`, and `{ credentials: true }`, which leaves the origins to the library. */
export const originsEntry = (
  reading: Reading,
  options: Value | undefined,
  name: string,
): OriginsLiteral | undefined => {
  if (options?.kind !== 'object') return
  const entry = entryIn(options, name)
  if (entry !== undefined) return writtenOrigins(reading, entry)
  const node = options.node?.node
  if (node?.kind !== 'object' || options.rest.length > 0 || options.entries.has(name)) return
  const text = slice(reading, node.at)
  if (!/^\{[\s\S]*\}$/.test(text) || isPython(node.at.file)) return
  const empty = /^\{\s*\}$/.test(text)
  const gap = gapIn(text.slice(1), empty)
  return literalAt(reading, node.at, {
    before: `{${gap.before || ' '}${name}: `,
    after: empty ? ' }' : `,${gap.between}${text.slice(1 + gap.before.length)}`,
  })
}

/** `{ cors: true }`: the same with a list. */
export const switchedOrigins = (
  reading: Reading,
  options: Value | undefined,
  name: string,
): OriginsLiteral | undefined => {
  const entry = options?.kind === 'object' ? entryIn(options, name) : undefined
  return entry?.kind === 'literal' && entry.value === true
    ? literalAt(reading, entry.at, { before: '{ origin: ', after: ' }' })
    : undefined
}

/** A call from its name on: `app.enableCors()` is mended without what stands before the last dot. */
const fromName = ({ callee, at }: Call): At => ({
  ...at,
  start: callee.kind === 'member' ? callee.property.at.start : callee.at.start,
})

/** What is between the name and the first argument: nothing but the bracket, or it is not certain where the arguments begin. */
const opens = (reading: Reading, { callee, at }: Call): boolean =>
  textOf(reading, at.file)[callee.at.end] === '(' && textOf(reading, at.file)[at.end - 1] === ')'

/** `cors()`. */
export const callWithoutOptions = (
  reading: Reading,
  call: Call,
  open: '{ origin: ' | 'origins=',
): OriginsLiteral | undefined => {
  const at = fromName(call)
  const text = slice(reading, at)
  if (!opens(reading, call) || !/^\w+\(\s*\)$/.test(text)) return
  return literalAt(reading, at, {
    before: `${text.slice(0, text.indexOf('(') + 1)}${open}`,
    after: open === 'origins=' ? ')' : ' })',
  })
}

/** `app.register(cors)`, `CORS(app)`: the only argument stays, and the list comes after it. */
export const callWithoutList = (
  reading: Reading,
  call: Call,
  open: '{ origin: ' | 'origins=',
): OriginsLiteral | undefined => {
  const [only, ...more] = call.args
  if (only === undefined || only.kind === 'spread' || more.length > 0 || !opens(reading, call)) return
  const whole = textOf(reading, call.at.file)
  const rest = whole.slice(only.at.end, call.at.end)
  if (!/^\s*$/.test(whole.slice(call.callee.at.end + 1, only.at.start))) return
  if (!(call.named.size > 0 ? /^\s*,\s*\w/ : /^\s*,?\s*\)$/).test(rest)) return
  const at = fromName(call)
  return literalAt(reading, at, {
    before: `${whole.slice(at.start, only.at.end)}, ${open}`,
    after: `${open === 'origins=' ? '' : ' }'}${call.named.size > 0 ? rest : ')'}`,
  })
}

/** The white space after an opening bracket, and what goes between something new there and what follows. */
const gapIn = (text: string, empty: boolean): { readonly before: string; readonly between: string } => {
  const line = empty ? undefined : /^[ \t]*\r?\n[ \t]*/.exec(text)?.[0]
  if (line !== undefined) return { before: line, between: line }
  return { before: /^[ \t]*/.exec(text)?.[0] ?? '', between: ' ' }
}

/**
 * What takes the pages of `FastAPI(…)` off: `None` for those that are given as a text, and the rest as arguments of their own, by
 * the name of each. Nothing where one is an expression: who wrote it decides by something.
 */
export const switchedOff = (reading: Reading, call: Call, names: readonly string[]): ReadonlyMap<string, Edit> => {
  const given = names.flatMap((name) => call.named.get(name) ?? [])
  const isText = (node: Node): boolean =>
    node.kind === 'literal' && /^(?:(['"])[^'"\\\n]*\1|None)$/.test(slice(reading, node.at))
  if (call.args.length > 0 || !opens(reading, call) || !given.every(isText)) return new Map()
  const missing = names.filter((name) => !call.named.has(name)).map((name) => `${name}=None`)
  const open = call.callee.at.end + 1
  const empty = call.named.size === 0
  const gap = gapIn(textOf(reading, call.at.file).slice(open, call.at.end - 1), empty)
  const at = { ...fromName(call), end: open + gap.before.length }
  const inserted = `${gap.before}${missing.join(`,${gap.between}`)}${empty ? '' : `,${gap.between}`}`
  const insertion: Edit = {
    start: at.start,
    end: at.end,
    from: slice(reading, at),
    to: `${slice(reading, { ...at, end: open })}${inserted}`,
  }
  return new Map(
    names.map((name): [string, Edit] => {
      const node = call.named.get(name)
      if (node === undefined) return [name, insertion]
      return [name, { start: node.at.start, end: node.at.end, from: slice(reading, node.at), to: 'None' }]
    }),
  )
}
