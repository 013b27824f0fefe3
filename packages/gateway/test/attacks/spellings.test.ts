import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { documentOf, operation, parameter, startGateway } from '../rig.ts'
import { recordingUpstream } from '../upstreams/recording.ts'
import { reachedLines } from './scene.ts'
import { send } from './wire.ts'

const upstream = await recordingUpstream({ after })
beforeEach(() => upstream.clear())

const valued = (...names: readonly string[]) =>
  operation({ parameters: names.map((name) => parameter(name, 'path', { type: 'string', maxLength: 400 })) })

/** Closed paths, each of which a public template with a value matches too. */
const CLOSED = [
  ...['/v1/users:export', "/v1/$&'()+,=@-._~!:", '/v1/plain', '/v1/a/b', '/v1/users:export/now', '/v1/x/b+c', '/v1/'],
  ...['/v2/@me', '/v2/@me/keys', '/v2/a+b'],
]
/** In the document, and not served: hidden, or of a form that is not. */
const GONE = ['/v1/hidden', '/v1/hid+den', '/v1/report.json', '/v1/q-1', '/v1/caf\u00e9', '/v1/a b']
const OPEN = [
  '/v1/{name}',
  '/v1/{name}/{part}',
  '/v1/{name}/b+c',
  '/{version}/@me',
  '/{version}/{name}',
  '/v2/{name}/keys',
]

const document = documentOf({
  ...Object.fromEntries(CLOSED.map((path) => [path, { get: operation() }])),
  '/v1/hidden': { get: operation() },
  '/v1/hid+den': { get: operation() },
  '/v1/{name}.json': { get: valued('name') },
  '/v1/q-{number}': { get: valued('number') },
  '/v1/caf\u00e9': { get: operation() },
  '/v1/a%20b': { get: operation() },
  ...Object.fromEntries(
    OPEN.map((path) => [path, { get: valued(...[...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)) }]),
  ),
})
const settings = {
  access: Object.fromEntries(OPEN.map((path) => [`GET ${path}`, 'public'])),
  hide: ['GET /v1/hidden', 'GET /v1/hid+den'],
}
const { address } = await startGateway({ after } as never, { upstream: upstream.origin, document, settings })
const port = Number(new URL(address).port)

/** Many requests on one connection: what each was answered. */
const statuses = async (targets: readonly string[]): Promise<readonly number[]> => {
  const found: number[] = []
  for (let at = 0; at < targets.length; at += 50) {
    const some = targets.slice(at, at + 50)
    const answers = await Promise.all(
      some.map((target) => send(port, `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)),
    )
    found.push(...answers.map(([answer]) => answer?.status ?? 0))
  }
  return found
}

const escaped = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')

/** Ways to write one character. */
const WAYS: readonly ((character: string) => string)[] = [
  (character) => escaped(character),
  (character) => escaped(character).toUpperCase(),
  (character) => escaped(character).replaceAll('%', '%25'),
  (character) => escaped(character).replaceAll('%', '%2525'),
  (character) => escaped(escaped(character)),
  (character) => (character.toUpperCase() === character ? character.toLowerCase() : character.toUpperCase()),
]

/** What some servers take for a format, and route without. */
const ENDINGS = ['.json', '.', '.html', '.tar.gz', '%2Ejson', '.JSON', '%252ejson', '.json/']

/** Every character of a path in every way, each alone and all of them, and some by chance. The slashes stay. */
const spellings = (path: string): readonly string[] => {
  const raw = [...path].map((character) => (/[!-~]/.test(character) ? character : escaped(character)))
  const characters = [...path]
  const written = (way: (at: number) => ((character: string) => string) | undefined): string =>
    characters.map((one, at) => (one === '/' ? one : (way(at)?.(one) ?? raw[at]))).join('')
  const alone = characters.flatMap((_, at) => WAYS.map((way) => written((index) => (index === at ? way : undefined))))
  const whole = WAYS.map((way) => written(() => way))
  let seed = 7
  const chance = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed / 2_147_483_648
  }
  const mixed = Array.from({ length: 60 }, () => written(() => WAYS[Math.floor(chance() * (WAYS.length + 2))]))
  const ended = path.endsWith('/') ? [] : ENDINGS.map((ending) => written(() => undefined) + ending)
  return [...new Set([...alone, ...whole, ...mixed, ...ended])]
}

for (const path of [...CLOSED, ...GONE])
  test(`no spelling of ${path} is answered by a public sibling`, async () => {
    const targets = spellings(path)
    const answers = await statuses(targets)
    const open = targets.filter((_, at) => ![400, 401, 404, 422].includes(answers[at] ?? 0))
    assert.deepEqual(open, [])
    assert.deepEqual(reachedLines(upstream), [])
  })

test('other values pass as they were, and what is no plainer path is none of it', async () => {
  const targets: readonly (readonly [target: string, reached: string])[] = [
    ['/v1/users', '/v1/users'],
    ['/v1/users:exports', '/v1/users%3Aexports'],
    ['/v1/users%3A', '/v1/users%3A'],
    ['/v1/%2540', '/v1/%2540'],
    ['/v1/%25', '/v1/%25'],
    ['/v1/json', '/v1/json'],
    ['/v1/report.pdf', '/v1/report.pdf'],
    ['/v1/a.json/c', '/v1/a.json/c'],
    ['/v1/.hidden', '/v1/.hidden'],
    ['/v1/a/c', '/v1/a/c'],
    ['/v1/y/b+c', '/v1/y/b+c'],
    ['/v3/@me', '/v3/@me'],
    ['/v3/a+b', '/v3/a%2Bb'],
  ]
  for (const [target, reached] of targets) {
    upstream.clear()
    assert.deepEqual(await statuses([target]), [200], target)
    assert.deepEqual(reachedLines(upstream), [`GET ${reached}`])
  }
})

test('of two paths that cross neither is reached by the rule of the other', async (t) => {
  const crossing = documentOf({
    '/{tenant}/admin': { get: valued('tenant') },
    '/users/{id}': { get: valued('id') },
  })
  // A server that takes the first that fits, as Starlette does, answers /users/admin by the first.
  const { address } = await startGateway(t, {
    upstream: upstream.origin,
    document: crossing,
    settings: { access: { 'GET /users/{id}': 'public' } },
  })
  const status = async (path: string): Promise<number> => (await fetch(address + path)).status
  assert.deepEqual(
    [
      await status('/users/ada'),
      await status('/acme/admin'),
      await status('/users/admin'),
      await status('/users/%61dmin'),
    ],
    [200, 401, 404, 404],
  )
  assert.deepEqual(reachedLines(upstream), ['GET /users/ada'])
})
