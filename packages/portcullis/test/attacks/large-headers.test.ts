import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { generateSecret } from '../../src/layers/sessions/index.ts'

const PLUGIN = join(import.meta.dirname, '../../src/adapters/fastify/index.ts')
const PROGRAM = `
  import Fastify from 'fastify'
  import { portcullis } from ${JSON.stringify(PLUGIN)}
  import { get } from 'node:http'
  const app = Fastify(JSON.parse(process.argv[1]))
  await app.register(portcullis, { sessions: { secret: process.env.JWT_SECRET }, identify: () => null })
  app.get('/open', { config: { access: 'public' } }, async () => ({}))
  await app.listen({ host: '127.0.0.1', port: 0 })
  for (const size of [15_000, 17_000])
    await new Promise((done) => get({ agent: false, port: app.server.address().port, path: '/open', headers: { x: 'a'.repeat(size) } }, (answer) => {
      console.log(answer.statusCode)
      answer.resume().on('end', done)
    }))
  process.exit()
`

for (const [name, flags, options] of [
  ['a flag of Node', ['--max-http-header-size=65536'], {}],
  ['an option of the server', [], { http: { maxHeaderSize: 65_536 } }],
] as const)
  test(`the header block has 16 KiB at the most, whatever ${name} says`, () => {
    const program = ['--input-type=module', '--eval', PROGRAM, JSON.stringify(options)]
    const printed = execFileSync(process.execPath, ['--conditions=source', ...flags, ...program], {
      cwd: import.meta.dirname,
      env: { PATH: process.env['PATH'] ?? '', JWT_SECRET: generateSecret() },
      encoding: 'utf8',
      timeout: 20_000,
    })
    assert.deepEqual(printed.trim().split('\n'), ['200', '431'])
  })
