/** Jars of cookies: Koa's `ctx.cookies.set(…)`, Next's `(await cookies()).set(…)`, SvelteKit's `cookies.set(…)`. */
import { type Call, type Located, lastName, possibilities, type Value } from '../../source/index.ts'
import type { Reading } from '../reading.ts'

export interface JarCookie {
  readonly call: Located<Call>
  readonly name: Value | undefined
  readonly value: Value | undefined
  readonly options: Value | undefined
  /** What the framework sets unless told otherwise. */
  readonly byDefault: readonly ('HttpOnly' | 'Secure' | 'SameSite')[]
}

export const jarCookiesOf = (reading: Reading): readonly JarCookie[] =>
  reading.program.callsNamed('set').flatMap((call) => {
    const { node, scope } = call
    if (node.callee.kind !== 'member' || !isJar(reading, node.callee.object, call)) return []
    const [first, second, third] = node.args.map((one) => reading.evaluator.value(one, scope))
    const byDefault = defaultsOf(reading)
    // Next: `cookies().set({ name: 'session', value: id, httpOnly: true })`
    const whole = first !== undefined ? possibilities(first).find((one) => one.kind === 'object') : undefined
    if (whole?.kind === 'object')
      return [{ call, name: whole.entries.get('name'), value: whole.entries.get('value'), options: whole, byDefault }]
    return [{ call, name: first, value: second, options: third, byDefault }]
  })

/** A map of the project's own is none, and the page's own jar can set no HttpOnly. */
const isJar = (reading: Reading, object: Call['callee'], { scope }: Located<Call>): boolean => {
  const name = lastName(object.kind === 'call' ? object.callee : object) ?? ''
  if (!/^(?:cookies|cookieJar)$/.test(name)) return isNextJar(reading.evaluator.value(object, scope))
  return possibilities(reading.evaluator.value(object, scope)).every((one) => one.kind === 'unknown' || isForeign(one))
}

const isForeign = (value: Value): boolean =>
  value.kind === 'external' &&
  (value.from === 'global' ? !value.path.includes('()') : !/^(?:js-cookie|universal-cookie)$/.test(value.from))

/** `const jar = await cookies()` */
const isNextJar = (value: Value): boolean =>
  possibilities(value).some((one) => one.kind === 'external' && one.from === 'next/headers' && one.path.at(-1) === '()')

const defaultsOf = ({ program: { imports } }: Reading): JarCookie['byDefault'] => {
  const has = (from: RegExp) => [...imports].some((one) => from.test(one))
  if (has(/^@sveltejs\/kit/)) return ['HttpOnly', 'Secure', 'SameSite']
  return has(/^(?:koa|cookies)$/) ? ['HttpOnly'] : []
}
