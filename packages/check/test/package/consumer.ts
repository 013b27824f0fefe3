/**
 * Packs the checker, installs the tarball into an empty project on Node 24 and on Node 26, and lets it judge a small program there,
 * in TypeScript and in Python (whose parser is a wasm file that has to be found). Run by `npm run test:package` after a build.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

const packageFolder = join(import.meta.dirname, '../..')
const NODES = ['24.21.0', '26.10.0']

const run = (command: string, args: readonly string[], cwd: string): { status: number | null; stdout: string } => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status === null || status === 2) throw new Error(`${command} ${args.join(' ')}: ${stderr}`)
  return { status, stdout }
}

const PROGRAM = {
  'app/server.ts':
    "import express from 'express'\nimport jwt from 'jsonwebtoken'\nconst app = express()\napp.post('/login', (req, res) => res.json(jwt.sign({ sub: '1' }, 'a-secret', { expiresIn: '7d' })))\n",
  'api/main.py':
    'from fastapi import FastAPI\nfrom jose import jwt\napp = FastAPI()\n\n@app.get("/")\ndef root():\n    return jwt.encode({"sub": "1"}, "another-secret")\n',
}

const consumer = (version: string, tarball: string): void => {
  const project = mkdtempSync(join(tmpdir(), `portcullis-check-consumer-${version.split('.')[0]}-`))
  try {
    writeFileSync(
      join(project, 'package.json'),
      JSON.stringify({ name: 'consumer', private: true, allowScripts: { node: true } }),
    )
    assert.equal(run('npm', ['install', '--no-audit', '--no-fund', tarball, `node@${version}`], project).status, 0)
    const judged = join(project, 'judged')
    for (const [file, text] of Object.entries(PROGRAM)) {
      mkdirSync(join(judged, file, '..'), { recursive: true })
      writeFileSync(join(judged, file), text)
    }
    const node = join(project, 'node_modules/.bin/node')
    const { status, stdout } = run(
      node,
      ['node_modules/portcullis-check/bin/portcullis-check.js', 'judged', '--json'],
      project,
    )
    const { items } = JSON.parse(stdout) as { items: { id: string; findings: { evidence: { file?: string }[] }[] }[] }
    const files = items
      .find((one) => one.id === 'jwt-expiry')
      ?.findings.flatMap((one) => one.evidence.flatMap((each) => each.file ?? []))
    assert.equal(status, 1)
    assert.ok(
      existsSync(join(project, 'node_modules/portcullis-check/docs/checks/jwt-expiry.md')),
      'no page of an item',
    )
    assert.deepEqual([...new Set(files)].sort(), ['api/main.py', 'app/server.ts'])
    assert.ok(!stdout.includes('a-secret') && !stdout.includes('another-secret'), 'a secret in the report')
    process.stdout.write(`ok - the packed checker judges TypeScript and Python on Node ${version}\n`)
  } finally {
    rmSync(project, { recursive: true, force: true })
  }
}

assert.ok(existsSync(join(packageFolder, 'dist/main.js')), 'run npm run build first')
const { messages, pkg } = await publint({ pkgDir: packageFolder, strict: true })
assert.deepEqual(
  messages.map((message) => formatMessage(message, pkg)),
  [],
  'publint',
)
const packed = mkdtempSync(join(tmpdir(), 'portcullis-check-packed-'))
try {
  const [{ filename }] = JSON.parse(
    run('npm', ['pack', '--json', '--pack-destination', packed], packageFolder).stdout,
  ) as [{ filename: string }]
  for (const version of NODES) consumer(version, join(packed, filename))
  process.stdout.write(`${NODES.length} passed, 0 failed\n`)
} finally {
  rmSync(packed, { recursive: true, force: true })
}
