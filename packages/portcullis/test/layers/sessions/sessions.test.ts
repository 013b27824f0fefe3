import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { SessionStore } from '../../../src/layers/sessions/index.ts'
import {
  accessTokens,
  generateSecret,
  keyRing,
  memorySessionStore,
  sessions,
} from '../../../src/layers/sessions/index.ts'
import { openSuccessor, sealSuccessor } from '../../../src/layers/sessions/refresh-token.ts'

const context = { client: '192.0.2.1', label: 'curl/8' }
const day = 86_400_000

/** Sessions over a store, with a clock that stands still until it is moved. */
const rig = (options: { retryWindowSeconds?: number; refreshLifetimeSeconds?: number; store?: SessionStore } = {}) => {
  const time = { now: 1_800_000_000_000 }
  const clock = (): number => time.now
  const store = options.store ?? memorySessionStore()
  const tokens = accessTokens({ ring: keyRing([generateSecret()]), clock })
  const { retryWindowSeconds = 0, refreshLifetimeSeconds = 30 * 86_400 } = options
  const service = sessions({ tokens, store, clock, retryWindowSeconds, refreshLifetimeSeconds })
  const refresh = (token: string) => service.refresh(token, context)
  /** Is the session of an access token one that a request would be admitted with? */
  const admitted = async (accessToken: string): Promise<boolean> => {
    const verified = tokens.verify(accessToken)
    return verified.ok && (await service.check(verified.claims))
  }
  const renewed = async (token: string) => {
    const answer = await refresh(token)
    assert.ok(answer.ok, 'the refresh was refused')
    return answer.tokens
  }
  return { service, store, tokens, time, refresh, renewed, admitted }
}

suite('sessions', () => {
  test('end, endAll: an argument that is left out is told, since a logout that ends nothing is not noticed', async () => {
    const { service } = rig()
    const { end, endAll } = service as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
    for (const wrong of [() => end?.('s1'), () => end?.(undefined, 'ada'), () => end?.('s1', 7), () => endAll?.()])
      await assert.rejects(async () => wrong(), TypeError)
    assert.equal(await service.end('not one of ours', 'ada'), false)
    assert.equal(await service.endAll('ada'), 0)
  })

  test('open: tokens that are admitted, and a session that is listed', async () => {
    const { service, admitted, time } = rig()
    const opened = await service.open('ada', context)
    assert.equal(await admitted(opened.accessToken), true)
    assert.match(opened.refreshToken, /^[A-Za-z0-9_-]{43}$/)
    assert.match(opened.sessionId, /^[A-Za-z0-9_-]{22}$/)
    assert.deepEqual([opened.expiresIn, opened.refreshExpiresIn], [900, 30 * 86_400])
    assert.deepEqual(await service.list('ada'), [
      {
        id: opened.sessionId,
        userId: 'ada',
        createdAt: time.now,
        lastUsedAt: time.now,
        expiresAt: time.now + 30 * day,
        ...context,
      },
    ])
    assert.deepEqual(await service.list('grace'), [])
  })

  test('open refuses a user id that would not fit into a token', async () => {
    const { service, store } = rig()
    for (const id of [
      '',
      'a b',
      'ada@example.com',
      'a'.repeat(65),
      '\u00e4',
      5 as unknown as string,
      undefined as unknown as string,
    ])
      await assert.rejects(service.open(id, context), { name: 'TypeError', message: /^A user id must be 1 to 64/ })
    assert.equal(await store.endEverything(), 0)
  })

  test('open cuts what the caller says of itself', async () => {
    const { service } = rig()
    await service.open('ada', { client: 'c'.repeat(500), label: `${'l'.repeat(199)}\u{1F600}` })
    const [listed] = await service.list('ada')
    assert.equal(listed?.client.length, 64)
    assert.equal(listed?.label, `${'l'.repeat(199)}\u{FFFD}`)
  })

  test('the store sees no refresh token, not even sealed ones in the clear', async () => {
    const seen: string[] = []
    const memory = memorySessionStore()
    const watched: SessionStore = {
      ...memory,
      open: (...args) => {
        seen.push(JSON.stringify(args))
        return memory.open(...args)
      },
      rotate: (...args) => {
        seen.push(JSON.stringify(args))
        return memory.rotate(...args)
      },
    }
    const { service, renewed } = rig({ store: watched, retryWindowSeconds: 30 })
    const opened = await service.open('ada', context)
    const next = await renewed(opened.refreshToken)
    assert.equal(seen.length, 2)
    for (const token of [opened.refreshToken, next.refreshToken]) assert.ok(!seen.join().includes(token))
  })

  test('without a retry window nothing is sealed', async () => {
    const memory = memorySessionStore()
    const sealed: unknown[] = []
    const { service, renewed } = rig({
      store: {
        ...memory,
        rotate: (...args) => {
          sealed.push(args[2])
          return memory.rotate(...args)
        },
      },
    })
    await renewed((await service.open('ada', context)).refreshToken)
    assert.deepEqual(sealed, [null])
  })

  test('refresh: new tokens of the same session, and the old ones do not come again', async () => {
    const { service, renewed, admitted } = rig()
    const opened = await service.open('ada', context)
    const next = await renewed(opened.refreshToken)
    assert.equal(next.sessionId, opened.sessionId)
    assert.notEqual(next.refreshToken, opened.refreshToken)
    assert.notEqual(next.accessToken, opened.accessToken)
    assert.equal(await admitted(next.accessToken), true)
    assert.equal((await renewed(next.refreshToken)).sessionId, opened.sessionId)
  })

  test('what has no form of a refresh token never reaches the store', async () => {
    const store = new Proxy(memorySessionStore(), {
      get: () => () => assert.fail('the store was asked'),
    })
    const { refresh } = rig({ store })
    const good = 'A'.repeat(43)
    for (const token of [
      '',
      'x',
      good.slice(1),
      `${good}A`,
      `${good}=`,
      `${good.slice(1)}B`,
      ` ${good.slice(1)}`,
      '\u00e4'.repeat(43),
    ])
      assert.deepEqual(await refresh(token), { ok: false, reason: 'unknown' }, token)
    for (const token of [undefined, null, 5, [good], {}] as unknown as string[])
      assert.deepEqual(await refresh(token), { ok: false, reason: 'unknown' })
  })

  test('a token that nobody issued is unknown and ends nothing', async () => {
    const { service, refresh, admitted } = rig()
    const opened = await service.open('ada', context)
    assert.deepEqual(await refresh('A'.repeat(43)), { ok: false, reason: 'unknown' })
    assert.equal(await admitted(opened.accessToken), true)
  })
})

suite('reuse of a refresh token', () => {
  test('within the same millisecond, a second use ends the family before it is answered', async () => {
    const { service, refresh, renewed, admitted } = rig()
    const opened = await service.open('ada', context)
    const other = await service.open('ada', context)
    const next = await renewed(opened.refreshToken)
    const answer = await refresh(opened.refreshToken)
    assert.equal(answer.ok, false)
    assert.deepEqual([answer.reason, answer.session?.id, answer.session?.userId], ['reused', opened.sessionId, 'ada'])
    assert.equal(await admitted(opened.accessToken), false)
    assert.equal(await admitted(next.accessToken), false)
    assert.deepEqual(await refresh(next.refreshToken), { ok: false, reason: 'unknown' })
    assert.deepEqual(await refresh(opened.refreshToken), { ok: false, reason: 'unknown' })
    assert.equal(await admitted(other.accessToken), true)
  })

  test('of an ancestor many turns back', async () => {
    const { service, refresh, renewed, admitted } = rig()
    const opened = await service.open('ada', context)
    let last = opened
    for (let turn = 0; turn < 100; turn += 1) last = await renewed(last.refreshToken)
    assert.equal((await refresh(opened.refreshToken)).ok, false)
    assert.equal(await admitted(last.accessToken), false)
  })

  test('when the store can not end the session, nothing is answered', async () => {
    const memory = memorySessionStore()
    const { service, refresh, renewed } = rig({
      store: { ...memory, end: () => Promise.reject(new Error('the store is down')) },
    })
    const opened = await service.open('ada', context)
    await renewed(opened.refreshToken)
    await assert.rejects(refresh(opened.refreshToken), { message: 'the store is down' })
  })
})

suite('the retry window', () => {
  test('a repeat gets the same successor, never a second one, and a fresh access token', async () => {
    const { service, renewed, admitted, time } = rig({ retryWindowSeconds: 10 })
    const opened = await service.open('ada', context)
    const next = await renewed(opened.refreshToken)
    time.now += 9_999
    for (let turn = 0; turn < 3; turn += 1) {
      const again = await renewed(opened.refreshToken)
      assert.equal(again.refreshToken, next.refreshToken)
      assert.notEqual(again.accessToken, next.accessToken)
      assert.equal(await admitted(again.accessToken), true)
      assert.equal(again.refreshExpiresIn, 30 * 86_400 - 10)
    }
    assert.equal((await renewed(next.refreshToken)).sessionId, opened.sessionId)
  })

  test('it closes to the millisecond', async () => {
    const { service, refresh, renewed, time, admitted } = rig({ retryWindowSeconds: 10 })
    const opened = await service.open('ada', context)
    await renewed(opened.refreshToken)
    time.now += 10_000
    const answer = await refresh(opened.refreshToken)
    assert.equal(!answer.ok && answer.reason, 'reused')
    assert.equal(await admitted(opened.accessToken), false)
  })

  test('it closes when the successor was used', async () => {
    const { service, refresh, renewed, admitted } = rig({ retryWindowSeconds: 30 })
    const opened = await service.open('ada', context)
    const last = await renewed((await renewed(opened.refreshToken)).refreshToken)
    const answer = await refresh(opened.refreshToken)
    assert.equal(!answer.ok && answer.reason, 'reused')
    assert.equal(await admitted(last.accessToken), false)
  })

  test('a process whose clock is a little behind keeps to it; one that is far behind does not', async () => {
    for (const [behind, ok] of [
      [2_000, true],
      [10_000, false],
    ] as const) {
      const { service, refresh, renewed, time } = rig({ retryWindowSeconds: 10 })
      const opened = await service.open('ada', context)
      await renewed(opened.refreshToken)
      time.now -= behind
      assert.equal((await refresh(opened.refreshToken)).ok, ok, `${behind} ms`)
    }
  })

  test('what was sealed for another token, or was changed in the store, opens nothing and ends the session', async () => {
    const [one, two, three] = ['A', 'B', 'C'].map((letter) => Buffer.alloc(32, letter).toString('base64url'))
    const sealed = sealSuccessor(one ?? '', two ?? '')
    assert.equal(openSuccessor(one ?? '', sealed), two)
    assert.notEqual(sealSuccessor(one ?? '', two ?? ''), sealed)
    assert.equal(openSuccessor(three ?? '', sealed), undefined)
    for (const other of [
      '',
      'x',
      sealed.slice(1),
      `${sealed}A`,
      sealed.slice(0, -8),
      `${'A'.repeat(8)}${sealed.slice(8)}`,
    ])
      assert.equal(openSuccessor(one ?? '', other), undefined, other)
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1)
      assert.equal(openSuccessor(one ?? '', changed), undefined, `character ${at}`)
    }
    const memory = memorySessionStore()
    const { service, refresh, renewed } = rig({
      retryWindowSeconds: 30,
      store: { ...memory, rotate: (hash, next, _, now) => memory.rotate(hash, next, sealed, now) },
    })
    const opened = await service.open('ada', context)
    await renewed(opened.refreshToken)
    const answer = await refresh(opened.refreshToken)
    assert.equal(!answer.ok && answer.reason, 'reused')
    assert.deepEqual(await service.list('ada'), [])
  })
})

suite('lifetimes', () => {
  test('a session in use ends 30 days after it was opened, and its last tokens with it', async () => {
    const { service, renewed, refresh, time, admitted } = rig()
    let last = await service.open('ada', context)
    for (let turn = 1; turn < 30; turn += 1) {
      time.now += day
      last = await renewed(last.refreshToken)
      assert.equal(last.refreshExpiresIn, (30 - turn) * 86_400)
    }
    time.now += day - 1
    const final = await renewed(last.refreshToken)
    assert.equal(final.refreshExpiresIn, 0)
    assert.equal(await admitted(final.accessToken), true)
    time.now += 1
    assert.equal(await admitted(final.accessToken), false)
    assert.deepEqual(await refresh(final.refreshToken), { ok: false, reason: 'unknown' })
    assert.deepEqual(await service.list('ada'), [])
  })

  test('a session without use ends with its refresh token, and is not listed any more', async () => {
    const { service, renewed, refresh, time } = rig({ refreshLifetimeSeconds: 7 * 86_400 })
    const opened = await service.open('ada', context)
    assert.equal(opened.refreshExpiresIn, 7 * 86_400)
    time.now += 7 * day - 1
    const next = await renewed(opened.refreshToken)
    assert.equal((await service.list('ada'))[0]?.expiresAt, time.now + 7 * day)
    time.now += 7 * day
    assert.deepEqual(await refresh(next.refreshToken), { ok: false, reason: 'unknown' })
    assert.deepEqual(await service.list('ada'), [])
  })

  test('bounds that make no sense are refused at the start', () => {
    for (const refreshLifetimeSeconds of [0, 59, 30 * 86_400 + 1, 1.5, Number.NaN])
      assert.throws(() => rig({ refreshLifetimeSeconds }), {
        name: 'RangeError',
        message: /^refreshLifetimeSeconds must be/,
      })
    for (const retryWindowSeconds of [-1, 31, 0.5, Number.NaN])
      assert.throws(() => rig({ retryWindowSeconds }), {
        name: 'RangeError',
        message: /^retryWindowSeconds must be a whole number from 0 to 30/,
      })
  })
})

suite('revocation', () => {
  test('one, all but one, all of a user, and everything take effect on the very next check', async () => {
    const { service, admitted } = rig()
    const [a, b, c] = [
      await service.open('ada', context),
      await service.open('ada', context),
      await service.open('ada', context),
    ]
    const hers = await service.open('grace', context)
    assert.equal(await service.end(a.sessionId, 'grace'), false)
    assert.equal(await admitted(a.accessToken), true)
    assert.equal(await service.end(a.sessionId, 'ada'), true)
    assert.equal(await admitted(a.accessToken), false)
    assert.equal(await service.endAll('ada', b.sessionId), 1)
    assert.deepEqual([await admitted(b.accessToken), await admitted(c.accessToken)], [true, false])
    assert.equal(await service.endAll('ada'), 1)
    assert.equal(await admitted(b.accessToken), false)
    assert.equal(await admitted(hers.accessToken), true)
    assert.equal(await service.endEverything(), 1)
    assert.equal(await admitted(hers.accessToken), false)
  })
})
