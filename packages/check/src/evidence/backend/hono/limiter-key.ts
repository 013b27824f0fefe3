/** What a limiter counts by, from the function that makes its key. */
import {
  type At,
  type Frame,
  type FunctionNode,
  lastName,
  type Node,
  pathOf,
  possibilities,
  type Scope,
  textsOf,
  type Value,
  walk,
} from '../../source/index.ts'
import type { Limiter } from '../facts.ts'
import { writtenKey } from '../limits/index.ts'
import { placeOf, type Reading, writtenAt } from '../reading.ts'

type Key = Limiter['key']

interface Source {
  readonly kind: Exclude<Key['kind'], 'unknown'>
  readonly at: At
  readonly what: string
}

const FORWARDED =
  /^(?:x-forwarded-for|forwarded|x-real-ip|x-client-ip|true-client-ip|x-cluster-client-ip|cf-connecting-ip|cf-connecting-ipv6|fly-client-ip|x-vercel-forwarded-for|x-original-forwarded-for|fastly-client-ip|remote-addr|client-ip|x-forwarded)$/i
const IDENTITY =
  /^(?:user|userid|user_id|sub|session|sessionid|payload|jwtpayload|auth|account|accountid|apikey|api_key|tenant|tenantid|member|email|username|claims|token|org|orgid|organization)$/i

/** Headers that a platform sets itself, and the files that say that it is the one. */
const PLATFORMS: readonly { header: RegExp; file: RegExp; from: RegExp }[] = [
  {
    header: /^cf-connecting-ip(?:v6)?$/i,
    file: /(?:^|\/)wrangler\.(?:toml|jsonc?)(?:\.\w+)?$/,
    from: /^(?:cloudflare:|hono\/cloudflare-workers|@cloudflare\/workers-types)/,
  },
  { header: /^fly-client-ip$/i, file: /(?:^|\/)fly\.toml$/, from: /^$/ },
  {
    header: /^x-vercel-forwarded-for$/i,
    file: /(?:^|\/)vercel\.json$/,
    from: /^(?:hono\/vercel|@hono\/node-server\/vercel)$/,
  },
]

const onPlatform = (reading: Reading, header: string): boolean => {
  const platform = PLATFORMS.find((one) => one.header.test(header))
  if (platform === undefined) return false
  if ([...reading.program.layout.files].some((file) => platform.file.test(file))) return true
  const imports = (from: string) => platform.from.test(from)
  return [...reading.program.modules.values()].some(
    (module) =>
      module.body.some((one) => one.kind === 'import' && imports(one.from)) ||
      /\b(?:DurableObjectNamespace|D1Database|KVNamespace|ExecutionContext)\b/.test(module.text),
  )
}

/** The key of a value that is given as `keyGenerator`. */
export const keyOf = (reading: Reading, value: Value | undefined, at: At): Key => {
  for (const one of value === undefined ? [] : possibilities(value)) {
    if (one.kind === 'function') return keyIn(reading, one)
    if (one.kind === 'external') {
      if (one.path.at(-1) === 'getConnInfo') return { kind: 'peer', at: placeOf(reading, one.at), what: 'getConnInfo' }
      if (/ip|address/i.test(one.path.at(-1) ?? ''))
        return { kind: 'unknown', at: placeOf(reading, at), what: `${one.from} ${one.path.join('.')}` }
    }
    if (one.kind === 'literal')
      return { kind: 'unknown', at: placeOf(reading, one.at), what: 'the same key for everybody' }
  }
  return { kind: 'unknown', at: placeOf(reading, at) }
}

/** The key that a function makes, or that a middleware of the project's counts by. */
export const keyIn = (reading: Reading, fn: Extract<Value, { kind: 'function' }>): Key => {
  const sources: Source[] = []
  const trust = { checked: false, left: undefined as At | undefined }
  gather(reading, fn.node.body, fn.scope, fn.frame, sources, trust, new Set([fn.node]), 0)
  const header = sources.find((one) => one.kind === 'header')
  const peer = sources.find((one) => one.kind === 'peer')
  const show = (one: Source): Key => ({ kind: one.kind, at: placeOf(reading, one.at), what: one.what })
  if (header !== undefined) {
    if (trust.checked && peer !== undefined && trust.left === undefined)
      return { kind: 'client', at: placeOf(reading, header.at), what: `${header.what} behind a listed proxy` }
    return trust.checked && trust.left !== undefined
      ? {
          ...show(header),
          at: placeOf(reading, trust.left),
          what: `the first value of ${header.what}, which the client writes`,
        }
      : show(header)
  }
  const written = writtenKey(reading, fn, peer !== undefined)
  if (written !== undefined) return written
  const other = sources.find((one) => one.kind === 'platform') ?? peer ?? sources.find((one) => one.kind === 'identity')
  if (other !== undefined) return show(other)
  const returned = possibilities(reading.evaluator.returned(fn))
  const constant = returned.length > 0 && returned.every((one) => one.kind === 'literal')
  return {
    kind: 'unknown',
    at: placeOf(reading, fn.node.at),
    ...(constant ? { what: 'the same key for everybody' } : {}),
  }
}

const gather = (
  reading: Reading,
  body: readonly Node[],
  outer: Scope,
  frame: Frame | undefined,
  sources: Source[],
  trust: { checked: boolean; left: At | undefined },
  seen: Set<FunctionNode>,
  depth: number,
): void => {
  walk(body, (node) => {
    const scope = reading.program.scopeOf(node) ?? outer
    // `if (!isTrustedProxy(peer)) return peer`
    const test = node.kind === 'if' || node.kind === 'conditional' ? node.test : undefined
    if (test !== undefined && /trust|proxy|proxies/i.test(writtenAt(reading, test))) trust.checked = true
    if (node.kind === 'member') {
      const path = pathOf(node)?.join('.') ?? ''
      const last = lastName(node) ?? ''
      if (/(?:remote\.address|remoteAddress|socket\.address)$/.test(path))
        sources.push({ kind: 'peer', at: node.at, what: path.replaceAll('.()', '()') })
      if (/(?:^|\.)var\.\w+/.test(path) && IDENTITY.test(path.split('.var.')[1]?.split('.')[0] ?? ''))
        sources.push({ kind: 'identity', at: node.at, what: path })
      if (/headers?$/i.test(lastName(node.object) ?? '') && FORWARDED.test(last))
        addHeader(reading, last, node.at, sources)
      // The left end of the header is what the client wrote itself.
      if (
        node.property.kind === 'literal' &&
        node.property.value === 0 &&
        /split|forward|hops|ips|chain/i.test(writtenAt(reading, node.object))
      )
        trust.left ??= node.at
    }
    if (
      node.kind === 'assign' &&
      node.target.kind === 'list' &&
      node.target.items.length === 1 &&
      node.value &&
      /split\(/.test(writtenAt(reading, node.value)) &&
      !/reverse|pop\(/.test(writtenAt(reading, node.value))
    )
      trust.left ??= node.at
    if (node.kind !== 'call') return
    const method = lastName(node.callee) ?? ''
    const [given] = node.args.map((arg) => reading.evaluator.value(arg, scope, frame))
    const [text] = given === undefined ? [] : textsOf(given)
    if (/^(?:header|get)$/.test(method) && text !== undefined) {
      if (FORWARDED.test(text)) addHeader(reading, text, node.at, sources)
      else if (/^(?:authorization|x-api-key)$/i.test(text))
        sources.push({ kind: 'identity', at: node.at, what: `the ${text} header` })
      else if (method === 'get' && IDENTITY.test(text)) sources.push({ kind: 'identity', at: node.at, what: text })
    }
    if (
      /^(?:find|shift|at)$/.test(method) &&
      node.callee.kind === 'member' &&
      /forward|hops|ips|chain|split|addresses/i.test(writtenAt(reading, node.callee.object)) &&
      (method !== 'at' || (given?.kind === 'literal' && given.value === 0))
    )
      trust.left ??= node.at
    if (/^requestIP$/.test(method)) sources.push({ kind: 'peer', at: node.at, what: 'server.requestIP' })
    for (const one of possibilities(reading.evaluator.value(node.callee, scope, frame))) {
      if (one.kind === 'external' && /^getConnInfo$/.test(one.path.at(-1) ?? '')) {
        const platform = /cloudflare|vercel|lambda|aws|netlify/.test(one.from)
        sources.push({ kind: platform ? 'platform' : 'peer', at: node.at, what: 'getConnInfo' })
      }
      if (one.kind === 'external' && /^request-ip$|^@supercharge\/request-ip$|^hono-ip$/.test(one.from))
        sources.push({ kind: 'header', at: node.at, what: one.from })
      if (one.kind === 'function' && !seen.has(one.node) && depth < 3) {
        seen.add(one.node)
        gather(
          reading,
          one.node.body,
          one.scope,
          reading.evaluator.frame(one, { node, scope }, frame),
          sources,
          trust,
          seen,
          depth + 1,
        )
      }
    }
  })
}

const addHeader = (reading: Reading, name: string, at: At, sources: Source[]): void => {
  sources.push({
    kind: onPlatform(reading, name) ? 'platform' : 'header',
    at,
    what: `the ${name.toLowerCase()} header`,
  })
}
