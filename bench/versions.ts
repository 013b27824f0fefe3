/** What was measured on what: it changes more than anything that is done about it. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { type Contender, PYTHON } from './contenders.ts'
import { generator } from './load.ts'
import { pinned } from './process.ts'

const MODULES = join(import.meta.dirname, '../node_modules')

const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(join(MODULES, name, 'package.json'), 'utf8')) as { version: string }).version

const ASK_PYTHON = `
import importlib, platform
print('Python ' + platform.python_version(), end='')
for name in ('fastapi', 'pydantic', 'uvicorn', 'jose', 'uvloop', 'httptools'):
    try:
        module = importlib.import_module(name)
        print(', ' + name + ' ' + str(getattr(module, '__version__', None) or getattr(module, 'VERSION', '')), end='')
    except ImportError:
        print(', no ' + name, end='')
`

const python = (): string => {
  try {
    return execFileSync(PYTHON, ['-c', ASK_PYTHON], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return 'no Python'
  }
}

/** One line for each thing. */
export const versions = (awake: boolean, all: readonly Pick<Contender, 'packages'>[]): readonly string[] => {
  const packages = [...new Set(all.flatMap((contender) => contender.packages))].sort()
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`
  return [
    `${cpus().length} × ${cpus()[0]?.model.trim()}, ${memory}, Linux ${release()}`,
    `Node ${process.version}; load by ${generator}; ${pinned ? 'the server on core 0, the load on core 1' : 'cores not set apart'}; ${awake ? 'no core sleeps while it waits' : 'cores may sleep while they wait'}`,
    packages.map((name) => `${name} ${versionOf(name)}`).join(', '),
    python(),
  ]
}
