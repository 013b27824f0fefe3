import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { documentOf, operation, parameter, startGateway } from '../rig.ts'
import { recordingUpstream } from '../upstreams/recording.ts'
import { reachedLines } from './scene.ts'

const valued = (...names: readonly string[]) =>
  operation({ parameters: names.map((name) => parameter(name, 'path', { type: 'string', maxLength: 50 })) })

test('a value that is another path but for a semicolon and what is behind it is none', async () => {
  const upstream = await recordingUpstream({ after })
  const { address } = await startGateway({ after } as never, {
    upstream: upstream.origin,
    document: documentOf({
      '/items/admin': { get: operation() },
      '/items/{id}': { get: valued('id') },
      '/{tenant}/{id}/b': { get: valued('tenant', 'id') },
      '/main/{id}/b': { get: valued('id') },
    }),
    settings: { access: { 'GET /items/{id}': 'public', 'GET /{tenant}/{id}/b': 'public' } },
  })
  const status = async (path: string): Promise<number> => (await fetch(address + path)).status
  for (const path of [
    ...[
      '/items/admin;x',
      '/items/admin;x=1;y',
      '/items/admin%3Bx',
      '/items/admin%253bx',
      '/items/ADMIN;',
      '/items/admin;.json',
    ],
    ...['/items/admin.json;x', '/main;x/1/b', '/MAIN%3B/1/b'],
  ])
    assert.equal(await status(path), 404, path)
  assert.deepEqual(reachedLines(upstream), [])
  for (const path of ['/items/a;x', '/items/administrator;x', '/items/;admin', '/other;main/1/b'])
    assert.equal(await status(path), 200, path)
})
