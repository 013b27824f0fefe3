/**
 * Makes what is measured, as those who use it run it: the packages built, the contenders in JavaScript. In a place of its own, so that
 * nothing changes while it is measured.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')

// Below the modules of this folder: what the contenders and the library import is found from here.
const PLACES = join(ROOT, 'node_modules/.cache/portcullis-bench')
const PLACE = join(PLACES, String(process.pid))

const BIN = join(ROOT, 'node_modules/.bin')

const FOLDERS = ['contenders', 'alone'] as const

/** Where a program of bench/contenders or bench/alone is, made to be run. */
export const built = (folder: (typeof FOLDERS)[number], file: string): string =>
  join(PLACE, folder, file.replace(/\.ts$/, '.js'))

/**
 * Builds the packages as `npm run build` does, and copies the programs.
 *
 * @throws Error when one does not compile
 */
export const build = (): void => {
  removeLeft()
  process.on('exit', () => rmSync(PLACE, { recursive: true, force: true }))
  mkdirSync(PLACE, { recursive: true })
  writeFileSync(join(PLACE, 'package.json'), '{ "type": "module" }\n')
  bundleLibrary(compile('portcullis', ['--emitDeclarationOnly']))
  compile('portcullis-check')
  bundleBackend()
  for (const folder of FOLDERS) copyPrograms(folder)
}

/** Where the ready backend's program is. */
export const BACKEND = join(PLACE, 'backend/dist/main.js')

/** Into the folder of that name, which is answered, with TypeScript's compiler. */
const compile = (name: string, more: readonly string[] = []): string => {
  const source = join(ROOT, 'packages', name.replace('portcullis-', ''))
  const place = join(PLACE, 'node_modules', name)
  mkdirSync(place, { recursive: true })
  cpSync(join(source, 'package.json'), join(place, 'package.json'))
  const project = join(source, 'tsconfig.build.json')
  const args = ['-p', project, '--outDir', join(place, 'dist'), '--customConditions', 'source', ...more]
  run(join(BIN, 'tsc'), args, source)
  return place
}

const bundleLibrary = (place: string): void => {
  run(join(BIN, 'rolldown'), ['-c', '-d', join(place, 'dist')], join(ROOT, 'packages/portcullis'))
}

/** As somebody who copied it builds it. */
const bundleBackend = (): void => {
  const place = join(PLACE, 'backend')
  for (const name of ['src', 'package.json', 'tsconfig.build.json'])
    cpSync(join(ROOT, 'packages/backend', name), join(place, name), { recursive: true })
  run('npm', ['run', '--silent', 'build'], place)
}

const run = (program: string, args: readonly string[], cwd: string): void => {
  // What they print is no result.
  execFileSync(program, args, { cwd, stdio: ['ignore', 2, 2] })
}

/** Of runs that were killed: those whose process is gone, since others may be under way. */
const removeLeft = (): void => {
  for (const pid of existsSync(PLACES) ? readdirSync(PLACES) : [])
    if (!existsSync(`/proc/${pid}`)) rmSync(join(PLACES, pid), { recursive: true, force: true })
}

const copyPrograms = (folder: (typeof FOLDERS)[number]): void => {
  mkdirSync(join(PLACE, folder))
  for (const file of readdirSync(join(import.meta.dirname, folder))) {
    const text = readFileSync(join(import.meta.dirname, folder, file), 'utf8')
    writeFileSync(built(folder, file), /\.[jt]s$/.test(file) ? javascript(text) : text)
  }
}

/** Without types, and importing what has none. */
const javascript = (text: string): string => stripTypeScriptTypes(text).replace(/(from '\.\/[\w-]+)\.ts'/g, "$1.js'")
