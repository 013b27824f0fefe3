import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { folder } from './rig.ts'
import { noPython, python } from './upstreams/article/start.ts'

const root = join(import.meta.dirname, '../../..')
const page = readFileSync(join(root, 'docs/gateway.md'), 'utf8')
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((match) => match[1] ?? '')

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** What the page tells to type, as it is typed here: other ports, and the commands of this checkout. */
const typed = (line: string, ports: readonly [number, number]): string =>
  line
    .replaceAll(':8000', `:${ports[0]}`)
    .replaceAll('--port 8000', `--port ${ports[0]}`)
    .replaceAll(':8080', `:${ports[1]}`)
    .replaceAll(
      'npx portcullis-gateway',
      `"${process.execPath}" ${join(root, 'packages/gateway/bin/portcullis-gateway.js')}`,
    )
    .replaceAll('npx portcullis ', `"${process.execPath}" ${join(root, 'packages/portcullis/bin/portcullis.js')} `)
    .replace(/^uvicorn /, `exec ${python} -m uvicorn `)

/** Starts a line of the page, and waits until it answers. */
const start = async (
  t: TestContext,
  line: string,
  port: number,
  cwd: string,
  env: object = {},
): Promise<() => string> => {
  const child: ChildProcess = spawn('sh', ['-c', line.startsWith('exec') ? line : `exec ${line}`], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, PORT: String(port), PYTHONDONTWRITEBYTECODE: '1', ...env },
  })
  t.after(() => child.kill('SIGTERM'))
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  for (let tries = 0; tries < 200; tries += 1) {
    if (
      await fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        () => false,
      )
    )
      return () => printed
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`${line} did not answer: ${printed}`)
}

/** A line of the page, in which `…` stands for anything. */
const shown = (line: string): RegExp =>
  new RegExp(
    `^${line
      .trimEnd()
      .split('…')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  )

/** Types the lines of the console blocks into one shell, and compares what it prints. */
const typeConsole = (block: string, ports: readonly [number, number], cwd: string, before: string): string => {
  const steps = block
    .split(/^\$ /m)
    .slice(1)
    .map((step) => step.split('\n'))
  const lines = steps.map(([command = '']) => typed(command, ports))
  const script = [before, ...lines.map((line) => `${line}\necho; echo "==="`)].join('\n')
  const ran = spawnSync('sh', ['-c', script], { cwd, encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: cwd } })
  const outputs = ran.stdout.split('===\n')
  for (const [index, [command, ...expected]] of steps.entries()) {
    const printed = (outputs[index] ?? '').trimEnd()
    const wanted = typed(expected.join('\n').trimEnd(), ports)
    assert.match(printed, shown(wanted), `${command}\n${printed}\n${ran.stderr}`)
  }
  return lines.filter((line) => line.startsWith('TOKEN=')).join('\n')
}

test('what the page tells a newcomer to type does what it says', { skip: noPython(), timeout: 60_000 }, async (t) => {
  const cwd = folder(t)
  const ports = [await freePort(), await freePort()] as const
  const [main = ''] = blocks('python')
  const [settings = ''] = blocks('json')
  writeFileSync(join(cwd, 'main.py'), main)
  writeFileSync(join(cwd, 'gateway.json'), settings)
  const [, uvicorn = '', gateway = '', production = ''] = blocks('sh').map((block) => block.trim())
  const consoles = blocks('console')
  assert.equal(consoles.length, 4)

  await start(t, typed(uvicorn, ports), ports[0], cwd)
  typeConsole(consoles[0] ?? '', ports, cwd, '')
  const printed = await start(t, typed(gateway, ports), ports[1], cwd)
  typeConsole(consoles[1] ?? '', ports, cwd, '')
  typeConsole(consoles[2] ?? '', ports, cwd, '')
  typeConsole(consoles[3] ?? '', ports, cwd, '')

  const lines = printed()
    .split('\n')
    .map((line) => line.trimEnd())
  for (const line of (blocks('text')[0] ?? '').split('\n').filter((one) => one.trim() !== '' && one.trim() !== '…')) {
    const wanted = shown(typed(line, ports))
    assert.ok(
      lines.some((one) => wanted.test(one)),
      `the page shows a line that is not printed: ${line}\n${printed()}`,
    )
  }

  const second = [ports[0], await freePort()] as const
  const [secrets = '', started = ''] = production.split('\n')
  const env = { DATABASE_URL: `sqlite:${join(cwd, 'production.db')}` }
  await start(t, `sh -c '${typed(secrets, second)}; exec ${typed(started, second)}'`, second[1], cwd, env)
  typeConsole(consoles[1] ?? '', second, cwd, '')
})

/** The lines that are not empty. */
const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')

/** What of a block is not printed and what is printed beyond it; a line that is `…` stands for any number of lines. */
const differences = (block: string, printed: string): readonly string[] => {
  const wanted = linesOf(block)
  const rest = [...linesOf(printed)]
  const found: string[] = []
  for (const [index, line] of wanted.entries()) {
    if (line.trim() === '…') continue
    const at = rest.findIndex((one) => shown(line).test(one))
    if (at < 0) found.push(`the page shows a line that is not printed there: ${line}`)
    const skipped = rest.splice(0, at + 1).slice(0, -1)
    if (wanted[index - 1]?.trim() !== '…') found.push(...skipped.map((one) => `the page does not show: ${one}`))
  }
  return [...found, ...rest.map((one) => `the page does not show: ${one}`)]
}

test('the page shows all that a start prints, in its order', { skip: noPython(), timeout: 60_000 }, async (t) => {
  const cwd = folder(t)
  const ports = [await freePort(), await freePort()] as const
  writeFileSync(join(cwd, 'main.py'), blocks('python')[0] ?? '')
  writeFileSync(join(cwd, 'gateway.json'), blocks('json')[0] ?? '')
  const [, uvicorn = '', gateway = ''] = blocks('sh').map((block) => block.trim())
  await start(t, typed(uvicorn, ports), ports[0], cwd)
  const printed = await start(t, typed(gateway, ports), ports[1], cwd)
  const block = typed(blocks('text')[0] ?? '', ports)
  // It answers a moment before it says so.
  for (let tries = 0; tries < 100 && differences(block, printed()).length > 0; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 50))
  assert.deepEqual(differences(block, printed()), [])
})

test('lines that a page leaves out, shows too many of or in another order are found', () => {
  assert.deepEqual(differences('a\n…\nd\n', 'a\n\nb\nc\nd\n'), [])
  assert.deepEqual(differences('a\nd\n', 'a\nb\nd\n'), ['the page does not show: b'])
  assert.deepEqual(differences('a\n', 'a\nb\n'), ['the page does not show: b'])
  assert.deepEqual(differences('a\nx\n', 'a\n'), ['the page shows a line that is not printed there: x'])
  assert.equal(differences('b\na\n', 'a\nb\n').length, 2)
})

test('what the page says of gateway.json is what is read', () => {
  const [, own = ''] = /^## gateway.json$([\s\S]*?)^## /m.exec(page) ?? []
  const keys = [...own.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key)
  assert.deepEqual(keys, ['access', 'limits', 'hide', 'websockets', 'docs'])
})
