import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

const ROOT = join(import.meta.dirname, '../../../../..')

/** What TypeScript says of a program of the name `uses.ts`, which may import whatever an application with the library may. */
export const saidByTsc = (t: TestContext, program: string): string => {
  const places = join(ROOT, 'node_modules/.cache')
  mkdirSync(places, { recursive: true })
  const folder = mkdtempSync(join(places, 'portcullis-types-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'uses.ts'), program)
  const settings = ['--ignoreConfig', '--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024']
  const sources = ['--types', 'node', '--customConditions', 'source', '--allowImportingTsExtensions', '--skipLibCheck']
  const command = [join(ROOT, 'node_modules/typescript/bin/tsc'), ...settings, ...sources, 'uses.ts']
  return spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' }).stdout
}
