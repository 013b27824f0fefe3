/**
 * Packs the library, installs the tarball into empty projects on Node 24 and on Node 26, checks the types of the README's first
 * example there and runs it. Also publint on what is packed. Run by `npm run test:package` after `npm run build`.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

const root = join(import.meta.dirname, '../../../..')
const packageFolder = join(root, 'packages/portcullis')
const NODES = ['24.21.0', '26.10.0']
const versions = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies as Record<string, string>

const run = (command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env): string =>
  execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

/** The first ts block of the README, listening where the test can reach it. */
const example = (): string => {
  const block = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1]
  if (block?.includes('port: 3000') !== true) throw new Error('the README has no example that listens on 3000')
  return block.replace('app.listen({ port: 3000 })', 'app.listen({ port: 0 }).then((address) => console.log(address))')
}

const tsconfig = {
  compilerOptions: {
    target: 'ES2024',
    module: 'nodenext',
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    types: ['node'],
  },
  include: ['example.ts', 'subpaths.ts'],
}

/** Every subpath, imported; the ones without a framework load where neither Fastify nor Kysely is installed. */
const SUBPATHS = Object.keys(
  JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')).exports as object,
).map((path) => path.replace('.', 'portcullis'))

const { version: release } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
  version: string
}

const STORAGE = `
  const { openStorage } = await import('portcullis/storage')
  const storage = await openStorage('sqlite:people.db')
  await storage.ping()
  await storage.close()`

/** An environment in which this Node is the first. */
const onPath = (node: string): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: `${dirname(node)}${delimiter}${process.env['PATH']}`,
})

const ask = async (address: string): Promise<void> => {
  const status = async (path: string, init?: RequestInit): Promise<number> => (await fetch(address + path, init)).status
  assert.equal(await status('/health'), 200)
  assert.equal(await status('/orders'), 401)
  assert.equal(await status('/orders/7', { method: 'DELETE' }), 401)
  assert.equal(await status('/nothing'), 401)
}

const tryExample = async (project: string): Promise<void> => {
  const node = join(project, 'node_modules/.bin/node')
  const secret = run(node, ['node_modules/portcullis/bin/portcullis.js', 'keys'], project).trim()
  const child = spawn(node, ['example.ts'], {
    cwd: project,
    env: { ...process.env, JWT_SECRET: secret, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const address = await new Promise<string>((resolve, reject) => {
      child.stdout.once('data', (line: Buffer) => resolve(line.toString().trim()))
      child.once('exit', (code) => reject(new Error(`the example ended with ${code}`)))
      setTimeout(() => reject(new Error('the example did not listen in 20 s')), 20_000).unref()
    })
    await ask(address.replace('[::1]', 'localhost'))
  } finally {
    child.kill('SIGKILL')
  }
}

const consumer = async (version: string, tarball: string): Promise<void> => {
  const project = mkdtempSync(join(tmpdir(), `portcullis-consumer-${version.split('.')[0]}-`))
  try {
    writeFileSync(
      join(project, 'package.json'),
      JSON.stringify({ name: 'consumer', private: true, type: 'module', allowScripts: { node: true } }),
    )
    // First alone, without its optional peers: what has no framework in it must load, and say what is missing where it must.
    run('npm', ['install', '--no-audit', '--no-fund', '--omit=peer', tarball, `node@${version}`], project)
    const node = join(project, 'node_modules/.bin/node')
    assert.equal(run(node, ['--version'], project).trim(), `v${version}`)
    const alone = SUBPATHS.filter((path) => !/fastify|storage/.test(path))
    run(node, ['--input-type=module', '--eval', alone.map((path) => `await import('${path}')`).join('\n')], project)
    assert.ok(!existsSync(join(project, 'node_modules/fastify')), 'the library alone pulled in Fastify')
    assert.ok(!existsSync(join(project, 'node_modules/kysely')), 'the library alone pulled in Kysely')

    run(
      'npm',
      [
        'install',
        '--no-audit',
        '--no-fund',
        'fastify@5',
        'kysely@0.29',
        `typescript@${versions['typescript']}`,
        '@types/node@24',
      ],
      project,
    )
    writeFileSync(join(project, 'example.ts'), example())
    writeFileSync(
      join(project, 'subpaths.ts'),
      `${SUBPATHS.map((path, index) => `import * as part${index} from '${path}'`).join('\n')}\nexport default [${SUBPATHS.map((_, index) => `part${index}`).join(', ')}]\n`,
    )
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(tsconfig))
    const compile = () => run(join(project, 'node_modules/.bin/tsc'), ['-p', '.'], project)
    compile()
    // What people get who ask for no version; its node:crypto names other types.
    run('npm', ['install', '--no-audit', '--no-fund', '@types/node@latest'], project)
    compile()
    await tryExample(project)
    // What is loaded when it is asked for, and what a file of the package finds beside it.
    run(node, ['--input-type=module', '--eval', STORAGE], project)
    assert.equal(
      run(join(project, 'node_modules/.bin/portcullis'), ['--version'], project, onPath(node)),
      `${release}\n`,
    )
    process.stdout.write(`ok - the README's first example, types checked, on Node ${version}\n`)
  } finally {
    rmSync(project, { recursive: true, force: true })
  }
}

assert.ok(existsSync(join(packageFolder, 'dist/index.js')), 'run npm run build first')
const { messages, pkg } = await publint({ pkgDir: packageFolder, strict: true })
assert.deepEqual(
  messages.map((message) => formatMessage(message, pkg)),
  [],
  'publint',
)
process.stdout.write('ok - publint has nothing to say\n')

const packed = mkdtempSync(join(tmpdir(), 'portcullis-packed-'))
try {
  const [{ filename }] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', packed], packageFolder)) as [
    { filename: string },
  ]
  for (const version of NODES) await consumer(version, join(packed, filename))
  process.stdout.write(`${NODES.length + 1} passed, 0 failed\n`)
} finally {
  rmSync(packed, { recursive: true, force: true })
}
