import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { readAudit } from '../../../src/evidence/settings/dependencies.ts'
import { auditOf } from '../../../src/evidence/settings/index.ts'
import { temporaryFolder, writeFiles } from '../repository.ts'

const lock = JSON.stringify({
  name: 'x',
  version: '1.0.0',
  lockfileVersion: 3,
  requires: true,
  packages: { '': { name: 'x', dependencies: { bad: '^1.0.0' } }, 'node_modules/bad': { version: '1.0.0' } },
})

test('without a lock file there is nothing to ask', async (t) => {
  assert.deepEqual(await auditOf(temporaryFolder(t)), {
    reachable: false,
    why: 'there is no package-lock.json',
    advisories: [],
  })
})

test('what npm audit prints', () => {
  const advisory = {
    source: 1,
    name: 'bad',
    severity: 'high',
    title: 'A hole',
    url: 'https://example.com/1',
    range: '<2',
  }
  const output = { vulnerabilities: { bad: { via: [advisory] }, user: { via: ['bad', advisory] } } }
  assert.deepEqual(readAudit(JSON.stringify(output)), {
    reachable: true,
    advisories: [{ name: 'bad', severity: 'high', title: 'A hole', url: 'https://example.com/1', range: '<2' }],
  })
  for (const text of ['', 'null', '{}', '{"error": {"code": "ENOTFOUND"}}', '{"message": "no"}', '[]'])
    assert.equal(readAudit(text).reachable, false, text)
})

test("the folder's own .npmrc sends nothing anywhere and runs nothing", { timeout: 60_000 }, async (t) => {
  const asked: { url: string | undefined; headers: IncomingHttpHeaders; on: string }[] = []
  const serve = async (on: string) => {
    const server = createServer((request, response) => {
      asked.push({ url: request.url, headers: request.headers, on })
      request.resume()
      response.setHeader('content-type', 'application/json')
      const found = {
        bad: [{ id: 1, url: 'https://example.com/1', title: 'A hole', severity: 'high', vulnerable_versions: '<2' }],
      }
      const versions = { '1.0.0': { name: 'bad', version: '1.0.0' } }
      const packument = { name: 'bad', 'dist-tags': { latest: '1.0.0' }, versions }
      response.end(JSON.stringify(request.url?.includes('advisories/bulk') ? found : packument))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.after(() => server.close())
    return (server.address() as AddressInfo).port
  }
  const [ours, theirs] = [await serve('ours'), await serve('theirs')]
  const folder = temporaryFolder(t)
  const ran = join(folder, 'ran')
  writeFiles(folder, {
    'package-lock.json': lock,
    'package.json': JSON.stringify({
      name: 'x',
      dependencies: { bad: '^1' },
      scripts: { preaudit: `touch ${ran}`, audit: `touch ${ran}` },
    }),
    '.npmrc': `registry=http://127.0.0.1:${theirs}/\n//127.0.0.1:${theirs}/:_authToken=\${HOME}\n//127.0.0.1:${ours}/:_authToken=sent\nproxy=http://127.0.0.1:${theirs}/\nnode-options=--require ${join(folder, 'evil.cjs')}\nscript-shell=${join(folder, 'evil.sh')}\n`,
    'evil.cjs': `require('fs').writeFileSync(${JSON.stringify(ran)}, '')`,
  })
  const audit = await auditOf(folder, { registry: `http://127.0.0.1:${ours}/`, milliseconds: 30_000 })
  assert.deepEqual(
    audit.advisories.map(({ name, severity }) => [name, severity]),
    [['bad', 'high']],
    JSON.stringify(audit),
  )
  assert.deepEqual(
    asked.filter(({ on, headers }) => on !== 'ours' || headers.authorization !== undefined),
    [],
  )
  assert.equal(existsSync(ran), false)
})

test('a registry that does not answer is not reachable, in time', { timeout: 60_000 }, async (t) => {
  const server = createServer(() => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close().closeAllConnections())
  const folder = temporaryFolder(t)
  writeFiles(folder, { 'package-lock.json': lock })
  const { port } = server.address() as AddressInfo
  const started = performance.now()
  const audit = await auditOf(folder, { registry: `http://127.0.0.1:${port}/`, milliseconds: 2_000 })
  assert.equal(audit.reachable, false)
  assert.match(audit.why ?? '', /took over 2 s/)
  assert.ok(performance.now() - started < 10_000)
})
