/** Whose word a FastAPI program takes for the client's address: uvicorn's and gunicorn's options, and the middleware. */
import { type Call, type Located, possibilities } from '../../source/index.ts'
import type { Place, ProxyTrust } from '../facts.ts'
import { argumentOf } from '../python/index.ts'
import { placeOf, type Reading } from '../reading.ts'
import type { Middleware } from './middleware.ts'

export interface Command {
  readonly text: string
  readonly file: string
  readonly line: number
  readonly development: boolean
  readonly kind: string
}

const SERVER = /\b(?:uvicorn|gunicorn|hypercorn|fastapi\s+(?:run|dev))\b/

export const placeOfCommand = ({ text, file, line }: Command): Place => ({
  file,
  line,
  text: text.trim().slice(0, 200),
})

export const proxiesOf = (
  reading: Reading,
  commands: readonly Command[],
  middleware: readonly Middleware[],
): readonly ProxyTrust[] => {
  const started = commands.filter((one) => !one.development && SERVER.test(one.text))
  return [
    ...started.flatMap((one) => byCommand(reading, one)),
    ...byEnvironment(reading),
    ...byMiddleware(reading, middleware),
    ...(started.length > 0 ? [] : byRun(reading)),
  ]
}

const trustOf = (value: string): ProxyTrust['trust'] =>
  value.split(',').some((one) => /^(?:\*|0\.0\.0\.0\/0|::\/0)$/.test(one.trim())) ? 'any' : 'listed'

const byCommand = (reading: Reading, command: Command): readonly ProxyTrust[] => {
  const at = placeOfCommand(command)
  const proxy = (trust: ProxyTrust['trust']): ProxyTrust[] => [{ at, framework: 'fastapi', trust }]
  if (/--no-proxy-headers\b/.test(command.text)) return proxy('none')
  const given =
    command.text.match(/--forwarded-allow-ips["']?(?:\s*[=,]\s*|\s+)\\?["']?([^"'\s\]]+)/)?.[1] ??
    command.text.match(/\bFORWARDED_ALLOW_IPS=\\?["']?([^"'\s]+)/)?.[1]
  if (given !== undefined) return proxy(ofSetting(reading, given.replace(/\\$/, '')))
  // Without addresses, uvicorn believes 127.0.0.1.
  return /--proxy-headers\b/.test(command.text) ? proxy('listed') : []
}

/** `$PROXIES`, `${PROXIES:-*}`: what the project sets it to. */
const ofSetting = (reading: Reading, text: string): ProxyTrust['trust'] => {
  const [, name, fallback] = text.match(/^\$\{?(\w+)(?::?-([^}]*))?\}?$/) ?? []
  if (name === undefined) return trustOf(text)
  const set = (reading.env.get(name) ?? []).filter((one) => !one.example).map((one) => one.value)
  const values = set.length > 0 ? set : fallback ? [fallback] : []
  return values.length === 0 ? 'unknown' : values.some((one) => trustOf(one) === 'any') ? 'any' : 'listed'
}

const byEnvironment = (reading: Reading): readonly ProxyTrust[] =>
  (reading.env.get('FORWARDED_ALLOW_IPS') ?? [])
    .filter((one) => !one.example)
    .map(({ value, at }) => ({ at, framework: 'fastapi', trust: trustOf(value) }))

const byMiddleware = (reading: Reading, middleware: readonly Middleware[]): readonly ProxyTrust[] => {
  const wrapped = reading.program.callsNamed('ProxyHeadersMiddleware')
  const calls = [
    ...middleware.filter((one) => one.name === 'ProxyHeadersMiddleware').map((one) => one.call),
    ...wrapped,
  ]
  return calls.map((call) => ({
    at: placeOf(reading, call.node.at),
    framework: 'fastapi',
    trust: given(reading, call, 'trusted_hosts') ?? 'listed',
  }))
}

const given = (reading: Reading, call: Located<Call>, name: string): ProxyTrust['trust'] | undefined => {
  const found = argumentOf(reading, call, name)
  if (found === undefined) return
  const texts = found.values
    .flatMap((one) => (one.kind === 'list' ? one.items.flatMap(possibilities) : [one]))
    .flatMap((one) => (one.kind === 'literal' && typeof one.value === 'string' ? [one.value] : []))
  return texts.length === 0 ? 'unknown' : texts.some((one) => trustOf(one) === 'any') ? 'any' : 'listed'
}

/** uvicorn.run(…) in the program, where nothing else says how it is started. */
const byRun = (reading: Reading): readonly ProxyTrust[] =>
  reading.program.callsNamed('run').flatMap((call) => {
    const value = reading.evaluator.value(call.node.callee, call.scope)
    if (value.kind !== 'external' || value.from !== 'uvicorn') return []
    const trust =
      given(reading, call, 'forwarded_allow_ips') ??
      (argumentOf(reading, call, 'proxy_headers')?.values.some((one) => one.kind === 'literal' && one.value === true)
        ? 'listed'
        : undefined)
    return trust === undefined ? [] : [{ at: placeOf(reading, call.node.at), framework: 'fastapi' as const, trust }]
  })
