import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { engines } from './engines.ts'
import type { Refreshes } from './refresher.ts'
import { noon, sampleSession, sampleToken } from './samples.ts'
import { opened } from './temporary.ts'

const rounds = 100

for (const { name, skip, fresh } of engines)
  test(`50 parallel refreshes of one token over 2 processes on ${name}: one winner, ${rounds} rounds`, {
    timeout: 300_000,
    skip,
  }, async (t) => {
    const url = await fresh(t)
    const { sessions, database } = await opened(t, url)
    const refreshers = [0, 1].map(() => fork(new URL('./refresher.ts', import.meta.url), [url]))
    t.after(() => refreshers.map((refresher) => refresher.kill()))
    await Promise.all(refreshers.map((refresher) => once(refresher, 'message')))

    const won = [0, 0]
    let unavailable = 0
    for (let round = 0; round < rounds; round++) {
      const session = `s${round}`
      await sessions.open(sampleSession(session, 'ada'), sampleToken(`token ${round}`, session))
      const answers = refreshers.map(async (refresher) => (await once(refresher, 'message'))[0] as string[])
      // They are told one after the other; by turns each is first.
      const order = round % 2 === 0 ? [0, 1] : [1, 0]
      for (const process of order) {
        refreshers[process]?.send({
          hash: `token ${round}`,
          successor: `next ${round} ${process}`,
          times: 25,
        } satisfies Refreshes)
      }
      const kinds = await Promise.all(answers)
      const answered = kinds.flat().filter((kind) => kind !== 'unavailable')
      // Whoever was told to come back may be the one who won.
      const winners = answered.length === 50 || answered.includes('rotated') ? ['rotated'] : []
      const losers = Array(answered.length - winners.length).fill('spent')
      assert.deepEqual(answered.toSorted(), [...winners, ...losers], `round ${round}`)
      unavailable += 50 - answered.length
      kinds.forEach((own, process) => {
        won[process] = (won[process] ?? 0) + own.filter((kind) => kind === 'rotated').length
      })
      const stored = database.selectFrom('refresh_tokens').select('hash').where('session_id', '=', session)
      assert.equal((await stored.execute()).length, 2, 'the token and one successor')
    }
    t.diagnostic(`${won.join(' to ')}; ${unavailable} of ${rounds * 50} were told to come back`)
    // Both processes were in the race, or it was none.
    assert.ok(
      won.every((wins) => wins > 0),
      won.join(' to '),
    )
    assert.equal(await sessions.isActive('s0', 'ada', noon), true)
  })
