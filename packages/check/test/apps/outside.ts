// What each item looks like from outside, as somebody with an account sees it: whether it holds on a running app.

import type { ItemId } from '../../src/items/items.ts'
import { type Answer, ask } from './running.ts'

const PASSWORD = 'correct horse battery staple'

const bad = (email: string) => ({ email, password: 'wrong horse battery staple' })

export const badLogin = (port: number, from: string): Promise<Answer> =>
  ask(port, 'POST', '/auth/login', { json: bad('ada@example.com'), from })

// The token of somebody who has just registered; a second time, of the same one.
export const joined = async (port: number): Promise<string> => {
  const email = 'ada@example.com'
  await ask(port, 'POST', '/auth/register', { json: { email, name: 'Ada', password: PASSWORD } })
  const { text } = await ask(port, 'POST', '/auth/login', { json: { email, password: PASSWORD } })
  return String(JSON.parse(text).access_token)
}

const claims = async (port: number): Promise<Record<string, unknown>> =>
  JSON.parse(Buffer.from((await joined(port)).split('.')[1] ?? '', 'base64url').toString())

const statuses = async (asks: (() => Promise<Answer>)[]): Promise<number[]> => {
  const seen: number[] = []
  for (const one of asks) seen.push((await one()).status)
  return seen
}

// Bodies that no schema lets through cost the app nothing; a limiter counts them all the same.
const tries = (port: number, from: string, headers: (n: number) => Record<string, string>) =>
  Array.from({ length: 12 }, (_, n) => () => ask(port, 'POST', '/auth/login', { json: {}, from, headers: headers(n) }))

const allows = async (port: number, origin: string): Promise<boolean> => {
  const { headers } = await ask(port, 'GET', '/health', { headers: { origin } })
  return ['*', origin].includes(headers['access-control-allow-origin'] ?? '')
}

const FOREIGN = [
  'https://attacker.net',
  'http://app.example.com',
  'https://notexample.com',
  'https://app.example.com.attacker.net',
  'null',
]

export const outside: Partial<Record<ItemId, (port: number) => Promise<boolean>>> = {
  'jwt-expiry': async (port) => Number((await claims(port))['exp']) * 1000 - Date.now() < 60 * 60 * 1000 - 5000,
  'auth-rate-limit': async (port) => (await statuses(tries(port, '127.0.0.10', () => ({})))).includes(429),
  validators: async (port) => {
    const token = await joined(port)
    const note = { title: 'a', text: 'b' }
    const refused = await statuses([
      () => ask(port, 'POST', '/notes', { token, json: { ...note, role: 'admin' } }),
      () => ask(port, 'POST', '/notes', { token, json: { ...note, text: 'b'.repeat(4001) } }),
      () => ask(port, 'GET', '/notes?limit=1000000', { token }),
      () => ask(port, 'GET', '/notes?other=1', { token }),
      () => ask(port, 'GET', '/notes/abc', { token }),
    ])
    return refused.every((status) => status === 400)
  },
  'default-deny': async (port) => {
    const paths = ['/users/me', '/notes', '/notes/abc', '/nothing-here']
    return (await statuses(paths.map((path) => () => ask(port, 'GET', path)))).every((status) => status === 401)
  },
  cors: async (port) => {
    for (const origin of FOREIGN) if (await allows(port, origin)) return false
    return allows(port, 'https://app.example.com')
  },
  debug: async (port) => {
    const { text } = await ask(port, 'POST', '/auth/login', { body: '{"email":' })
    return !/\bat .+:\d+:\d+/.test(text)
  },
  'docs-exposed': async (port) => (await ask(port, 'GET', '/openapi.json')).status !== 200,
  'jwt-payload': async (port) => Object.keys(await claims(port)).every((key) => /^(sub|jti|iat|exp)$/.test(key)),
  'forwarded-for': async (port) => {
    const forged = (n: number) => ({ 'x-forwarded-for': `198.51.100.${n}`, 'x-real-ip': `198.51.100.${n}` })
    return (await statuses(tries(port, '127.0.0.11', forged))).includes(429)
  },
}
