import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { after, test } from 'node:test'
import { rawUpstream } from '../upstreams/raw.ts'
import { assertProblem, openScene } from './scene.ts'
import type { WireAnswer } from './wire.ts'
import { send } from './wire.ts'

const OK = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'
const EVIL = `${OK}Content-Length: 6\r\n\r\n"evil"`
const whole = (body: string): string => `${OK}Content-Length: ${body.length}\r\n\r\n${body}`

/** What an upstream does with a request for /items/NAME. */
type Conduct = (socket: Socket, name: string) => void

const says =
  (bytes: string, end = false): Conduct =>
  (socket) => {
    socket.write(bytes)
    if (end) socket.end()
  }

/** Begins with `first`, and then says the same again and again. */
const again = (socket: Socket, bytes: string, ms: number, times: number, first = ''): void => {
  socket.write(first)
  let left = times
  const timer = setInterval(() => {
    if (left === 0 || !socket.writable) clearInterval(timer)
    else socket.write(bytes)
    left -= 1
  }, ms)
}

/** Answers that are none: 502 or 504, by a problem document, and never a byte of what the upstream said. */
const BROKEN: readonly (readonly [name: string, status: 502 | 504, conduct: Conduct])[] = [
  ['reset', 502, (socket) => socket.resetAndDestroy()],
  ['closed', 502, (socket) => socket.end()],
  ['garbage', 502, says('evil\r\n\r\n')],
  ['half-a-head', 502, says('HTTP/1.1 200 OK\r\nContent-Le', true)],
  ['silent', 504, () => {}],
  ['a-head-that-stops', 504, says('HTTP/1.1 200 O')],
  ['a-head-without-end', 504, (socket) => again(socket, 'X-A: evil\r\n', 50, 100, OK)],
  ['17-kib-of-fields', 502, says(`${OK}X-A: ${'evil'.repeat(4_400)}\r\nContent-Length: 2\r\n\r\n{}`)],
  [
    '10000-fields',
    502,
    says(`${OK}${Array.from({ length: 10_000 }, (_, at) => `X-${at}: evil\r\n`).join('')}Content-Length: 2\r\n\r\n{}`),
  ],
  ['two-lengths', 502, says(`${OK}Content-Length: 2\r\nContent-Length: 6\r\n\r\n"evil"`)],
  ['lengths-in-a-list', 502, says(`${OK}Content-Length: 6, 6\r\n\r\n"evil"`)],
  ['a-length-with-a-sign', 502, says(`${OK}Content-Length: +6\r\n\r\n"evil"`)],
  ['a-length-below-nothing', 502, says(`${OK}Content-Length: -6\r\n\r\n"evil"`)],
  [
    'length-and-chunks',
    502,
    says(`${OK}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n"evil"\r\n0\r\n\r\n`),
  ],
  ['a-coding-before-chunks', 502, says(`${OK}Transfer-Encoding: gzip, chunked\r\n\r\n6\r\n"evil"\r\n0\r\n\r\n`)],
  ['a-coding-behind-chunks', 502, says(`${OK}Transfer-Encoding: chunked, gzip\r\n\r\n6\r\n"evil"\r\n0\r\n\r\n`, true)],
  ['a-coding-alone', 502, says(`${OK}Transfer-Encoding: gzip\r\n\r\n"evil"`, true)],
  [
    'chunks-in-chunks',
    502,
    says(`${OK}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n"evil"\r\n0\r\n\r\n`),
  ],
  ['a-space-before-the-colon', 502, says(`${OK}Content-Length : 6\r\n\r\n"evil"`)],
  ['a-nul-in-a-field', 502, says(`${OK}X-A: e\0vil\r\nContent-Length: 6\r\n\r\n"evil"`)],
  ['another-protocol', 502, says('HTTP/3.0 200 OK\r\nContent-Length: 6\r\n\r\n"evil"')],
  [
    'a-switch-that-nobody-asked-for',
    502,
    says('HTTP/1.1 101 Switching Protocols\r\nUpgrade: evil\r\nConnection: Upgrade\r\n\r\nevil'),
  ],
  ...(['000', '099', '600', '999'] as const).map(
    (status) => [`status-${status}`, 502, says(`HTTP/1.1 ${status} Evil\r\nContent-Length: 6\r\n\r\n"evil"`)] as const,
  ),
  ['status-600-and-no-body', 502, says('HTTP/1.1 600 Evil\r\nX-A: evil\r\n\r\n')],
  ['no-status', 502, says('HTTP/1.1 \r\nContent-Length: 6\r\n\r\n"evil"')],
  ['interim-answers-without-end', 504, (socket) => again(socket, 'HTTP/1.1 102 Processing\r\n\r\n', 20, 200)],
]

/** Answers that begin well: the caller's connection is cut, so that half an answer never looks like a whole one. */
const HALF: readonly (readonly [name: string, conduct: Conduct])[] = [
  ['half-a-body', says(`${OK}Content-Length: 100\r\n\r\n{"half":`, true)],
  [
    'half-a-body-and-a-reset',
    (socket) =>
      socket.write(`${OK}Content-Length: 100\r\n\r\n{"half":`, () => setTimeout(() => socket.resetAndDestroy(), 30)),
  ],
  ['half-of-the-chunks', says(`${OK}Transfer-Encoding: chunked\r\n\r\n8\r\n{"half":\r\n`, true)],
  ['a-chunk-without-its-end', says(`${OK}Transfer-Encoding: chunked\r\n\r\nff\r\n{"half":`, true)],
  ['a-chunk-size-that-is-none', says(`${OK}Transfer-Encoding: chunked\r\n\r\n8\r\n{"half":\r\nzz\r\n`)],
  ['a-body-that-stops', says(`${OK}Content-Length: 100\r\n\r\n{"half":`)],
  ['chunks-that-stop', says(`${OK}Transfer-Encoding: chunked\r\n\r\n8\r\n{"half":\r\n`)],
]

/** What follows an answer must never be the next caller's. */
const POISON: readonly (readonly [name: string, conduct: Conduct])[] = [
  ['a-second-answer', says(whole('"own"') + EVIL)],
  ['a-body-that-is-too-long', says(`${OK}Content-Length: 5\r\n\r\n"own"${EVIL}`)],
  ['more-after-the-last-chunk', says(`${OK}Transfer-Encoding: chunked\r\n\r\n5\r\n"own"\r\n0\r\n\r\n${EVIL}`)],
  ['a-204-with-a-body', says(`HTTP/1.1 204 No Content\r\nContent-Length: ${EVIL.length}\r\n\r\n${EVIL}`)],
  ['a-304-with-a-body', says(`HTTP/1.1 304 Not Modified\r\nContent-Length: ${EVIL.length}\r\n\r\n${EVIL}`)],
  ['an-answer-after-the-deadline', (socket) => setTimeout(() => socket.writable && socket.write(EVIL), 1_200)],
]

/** One that comes between another request and its answer can't be told from that: HTTP/1.1 has no number on its answers. */
const LATER = 'a-second-answer-a-moment-later'

const fine: Conduct = (socket, name) => socket.write(whole(JSON.stringify(name)))
const conducts = new Map<string, Conduct>([
  ...BROKEN.map(([name, , conduct]) => [name, conduct] as const),
  ...HALF,
  ...POISON,
  [LATER, (socket) => again(socket, EVIL, 30, 1, whole('"own"'))],
])

/** Numbers are for the crowd: every second answer breaks in one of these ways. */
const CROWD: readonly Conduct[] = [
  fine,
  (socket) => socket.resetAndDestroy(),
  fine,
  says(`${OK}Content-Length: 100\r\n\r\n"evil"`, true),
  fine,
  (socket, name) => socket.write(whole(JSON.stringify(name)) + EVIL),
  fine,
  (socket) => socket.write(`${OK}Content-Length: 100\r\n\r\n"evil`, () => socket.resetAndDestroy()),
]

const nameIn = (head: string): string => /^[A-Z]+ \/items\/([^ ?]+)/.exec(head)?.[1] ?? ''
const upstream = await rawUpstream({ after }, (socket, head) => {
  const name = nameIn(head)
  const conduct = /^\d+$/.test(name) ? CROWD[Number(name) % CROWD.length] : conducts.get(name)
  ;(conduct ?? fine)(socket, name)
})
const { port, token } = await openScene(upstream.origin, { UPSTREAM_TIMEOUT_SECONDS: '1', UPSTREAM_IDLE_SECONDS: '1' })

const get = (name: string, method = 'GET'): string =>
  `${method} /items/${name} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`
const ask = async (name: string, method?: string): Promise<WireAnswer | undefined> =>
  (await send(port, get(name, method)))[0]

const assertOwn = async (name: string): Promise<void> => {
  const next = await ask(name)
  assert.deepEqual([next?.status, next?.body], [200, JSON.stringify(name)])
}

// All at once: each that waits for a deadline waits for it beside the others.
const asked = new Map([...BROKEN, ...HALF].map(([name]) => [name, ask(name)]))

for (const [name, status] of BROKEN)
  test(`an upstream's answer that is none is a ${status}: ${name}`, async () => {
    const answer = await asked.get(name)
    assertProblem(answer, [status], name)
    assert.match(answer?.headers['retry-after'] ?? '', /^\d+$/)
    assert.doesNotMatch(JSON.stringify(answer), /evil/)
    await assertOwn('next')
  })

for (const [name] of HALF)
  test(`half an answer is cut, and never padded: ${name}`, async () => {
    const answer = await asked.get(name)
    assert.equal(answer?.status, 200)
    assert.equal(answer?.complete, false)
    await assertOwn('next')
  })

for (const [name] of POISON)
  test(`what follows an answer reaches no caller: ${name}`, async () => {
    const answer = await ask(name)
    assert.ok([200, 204, 304, 502, 504].includes(answer?.status ?? 0), `${answer?.status}`)
    // RFC 9110 §8.6: a proxy before us would wait for that much.
    if (answer?.status === 204) assert.equal(answer.headers['content-length'], undefined)
    assert.doesNotMatch(JSON.stringify(answer), /evil/)
    // What comes while nobody waits ends the connection. What would come behind the next request's back is not told from its answer
    // in HTTP/1.1, whoever reads it: for such an upstream there is UPSTREAM_REUSE=no.
    if (name.includes('later')) await new Promise((resolve) => setTimeout(resolve, 150))
    const others = Array.from({ length: 20 }, (_, at) => `next-${at}`)
    await Promise.all(others.map(assertOwn))
    await Promise.all(others.map(assertOwn))
  })

test('the body of an answer to HEAD reaches no caller', async () => {
  const answer = await ask('a-second-answer', 'HEAD')
  assert.equal(answer?.body, '')
  await Promise.all(Array.from({ length: 20 }, (_, at) => assertOwn(`next-${at}`)))
})

test('interim answers go no further; the one after them does', async () => {
  conducts.set('hints', says(`HTTP/1.1 103 Early Hints\r\nLink: </evil>\r\n\r\n${whole('"own"')}`))
  const answers = await send(port, get('hints'))
  assert.deepEqual(
    answers.map(({ status, body }) => [status, body]),
    [[200, '"own"']],
  )
})

test('of 200 callers at once, half of whose answers break, each gets its own or a refusal', async () => {
  const numbers = Array.from({ length: 200 }, (_, at) => at)
  const answers = await Promise.all(numbers.map((number) => ask(String(number))))
  for (const [number, answer] of answers.entries()) {
    assert.ok(answer, `${number} got nothing`)
    const broke = number % 2 === 1 && number % 8 !== 5
    if (answer.status !== 200) assertProblem(answer, [502], String(number))
    else if (answer.complete) assert.equal(answer.body, JSON.stringify(String(number)))
    if (broke) assert.ok(answer.status === 502 || !answer.complete, `${number}: ${answer.status} ${answer.body}`)
  }
  const own = answers.filter((answer) => answer?.status === 200 && answer.complete).length
  assert.ok(own >= 100, `${own} got their own answer: a connection that broke must not break another's`)
})

test('a dead upstream is a 502, and one that is back is asked again', async () => {
  const gone = await rawUpstream({ after: () => {} }, () => {})
  gone.close()
  const dead = await openScene(gone.origin)
  const [answer] = await send(dead.port, get('a').replace(token, dead.token))
  assertProblem(answer, [502], 'dead')
  const back = await rawUpstream(
    { after },
    (socket, head) => fine(socket, nameIn(head)),
    Number(new URL(gone.origin).port),
  )
  const [second] = await send(dead.port, get('a').replace(token, dead.token))
  assert.deepEqual([second?.status, second?.body], [200, '"a"'])
  assert.equal(back.heads.length, 1)
})
