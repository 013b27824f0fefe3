import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { documentOf, operation, parameter, startGateway } from '../rig.ts'
import { recordingUpstream, valuesOf } from '../upstreams/recording.ts'
import { assertProblem } from './scene.ts'
import { send } from './wire.ts'

const upstream = await recordingUpstream({ after })
beforeEach(() => upstream.clear())

const lang = parameter('lang', 'cookie', { type: 'string', pattern: '^[^/]{1,40}$' })
const tags = parameter('tags', 'cookie', { type: 'array', maxItems: 3, items: { type: 'string', enum: ['a', 'b'] } })
const { address } = await startGateway({ after } as never, {
  upstream: upstream.origin,
  document: documentOf({ '/judged': { get: operation({ parameters: [lang, tags] }) }, '/free': { get: operation() } }),
  settings: { access: { 'GET /judged': 'public', 'GET /free': 'public' } },
})
const ask = async (path: string, lines: readonly string[]) => {
  const head = [`GET ${path} HTTP/1.1`, 'Host: a', ...lines.map((line) => `Cookie: ${line}`), 'Connection: close']
  const [answer] = await send(Number(new URL(address).port), [...head, '', ''].join('\r\n'))
  return answer
}

/** Each of them is another value, or another cookie, to some server: seen with Starlette, Flask and Hono. */
const READ_OTHERWISE: readonly (readonly [what: string, status: number, lines: readonly string[]])[] = [
  ['a byte that Python strips from a name', 400, ['lang=en; \x85lang=../../x']],
  ['one behind a name', 400, ['lang=en; lang\xa0=../../x']],
  ['one in a value', 400, ['lang=en\x85']],
  ['a tab', 400, ['lang=en; \tlang=../x']],
  ['octal escapes in quotes', 422, ['lang="\\056\\056\\057x"']],
  ['quotes', 422, ['lang="en"']],
  ['a backslash', 422, ['lang=..\\x']],
  ['percent-encoding', 422, ['lang=%2e%2e%2fx']],
  ['the name twice', 422, ['lang=en; lang=en']],
  ['the name twice, once with blanks', 422, ['lang=en;  lang =de']],
  ['the name twice, once without a value', 422, ['lang; lang=en']],
  ['a list twice', 422, ['tags=a; tags=b']],
  ['two lines', 400, ['lang=en', 'other=1']],
]
for (const [what, status, lines] of READ_OTHERWISE)
  test(`a cookie that the document describes is refused where it has two readings: ${what}`, async () => {
    const answer = await ask('/judged', lines)
    assertProblem(answer, [status], what)
    if (status === 422)
      assert.match(JSON.parse(answer?.body ?? '').errors[0].field, what.startsWith('a list') ? /^\/tags$/ : /^\/lang$/)
    assert.deepEqual(upstream.requests, [])
  })

test('other cookies are nobody else’s business, and one reading passes as it came', async () => {
  for (const [path, line] of [
    ['/judged', 'lang=en'],
    ['/judged', 'a="b"; lang = en ; c=%7B%22x%22%7D; d=\\; tags=a; a=1'],
    ['/judged', 'theme=dark'],
    ['/free', 'lang="\\056"; \x85lang=%2e'],
  ] as const) {
    upstream.clear()
    assert.equal((await ask(path, [line]))?.status, 200, line)
    assert.deepEqual(
      upstream.requests.flatMap((request) => valuesOf(request, 'cookie')),
      [line],
    )
  }
})
