import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessTokens, generateSecret, keyRing, sessions } from '../../src/layers/sessions/index.ts'
import { engines } from './engines.ts'
import { opened } from './temporary.ts'

for (const { name, skip, fresh } of engines)
  test(`what a caller sent as a label or a session's id breaks no store, on ${name}`, { skip }, async (t) => {
    const storage = await opened(t, await fresh(t))
    const tokens = accessTokens({ ring: keyRing([generateSecret()]) })
    const { open, list, end } = sessions({ tokens, store: storage.sessions })

    const { sessionId } = await open('ada', { client: '192.0.2.1', label: 'my\0phone \ud800' })
    assert.deepEqual(
      (await list('ada')).map(({ label }) => label),
      ['my\uFFFDphone \uFFFD'],
    )
    for (const sent of ['\0', `${sessionId}\0`, '', 'x'.repeat(10_000), '\ud800', "' or 1=1 --"])
      assert.equal(await end(sent, 'ada'), false)
    assert.equal((await list('ada')).length, 1)
    assert.equal(await end(sessionId, 'ada'), true)
  })
