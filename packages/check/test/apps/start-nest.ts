import { execFile } from 'node:child_process'
import { cp, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const workspace = join(import.meta.dirname, '../../../..')
const SOURCES = ['src', 'package.json', 'tsconfig.json', 'openapi.json']

// Decorators and their metadata aren't syntax that Node strips: compiled into `build`, an empty folder of the caller, so that the
// judged folder stays as it was committed. HOST, PORT and JWT_SECRET come from the caller.
export const prepare = async (folder: string, build: string) => {
  for (const name of SOURCES) await cp(join(folder, name), join(build, name), { recursive: true })
  await symlink(join(workspace, 'node_modules'), join(build, 'node_modules'))
  await promisify(execFile)(join(workspace, 'node_modules/.bin/tsc'), ['-p', build])
  return { command: process.execPath, args: [join(build, 'dist/main.js')], cwd: build, env: {} }
}
