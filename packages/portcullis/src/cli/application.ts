import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AccessEntry } from '../layers/access/index.ts'
import { syntaxFault } from './syntax-fault.ts'
import { UsageError } from './usage-error.ts'

/** The part of an application that `portcullis routes` needs. */
export interface Application {
  ready(): PromiseLike<unknown>
  close(): PromiseLike<unknown>
  readonly portcullis?: { accessTable(): readonly AccessEntry[] }
}

/** The module of the application, and what names it. */
export interface NamedModule {
  readonly path: string
  readonly by: '--app' | 'package.json'
}

/** @throws UsageError with `usage` when nothing names one */
export const moduleOfPackage = (usage: string): NamedModule => {
  try {
    const { portcullis } = JSON.parse(readFileSync('package.json', 'utf8')) as { portcullis?: { app?: unknown } }
    if (typeof portcullis?.app === 'string') return { path: portcullis.app, by: 'package.json' }
  } catch {
    // No package.json here: the sentence below says what to do.
  }
  throw new UsageError(`Which application? package.json names none here ("portcullis": { "app": … }).\n\n${usage}`)
}

/** The application that a module exports by default, or that a function makes which it exports. @throws Error that names the module */
export const applicationOf = async (named: NamedModule): Promise<Application> => {
  const exported = defaultOf(await imported(named))
  const app = (typeof exported === 'function' ? await called(exported as () => unknown, named.path) : exported) as
    | Application
    | undefined
  if (typeof app?.ready !== 'function')
    throw new Error(
      `${named.path} has no application as its default export, nor a function that makes one. Let it make the application, and another module listen.`,
    )
  return app
}

const imported = async ({ path, by }: NamedModule): Promise<{ readonly default?: unknown }> => {
  const file = resolve(path)
  // Of a module that is not there Node says that this command, which nobody wrote, imports it.
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true)
    throw new Error(
      `${path} can't be read: ${by === '--app' ? by : 'package.json ("portcullis": { "app": … })'} names it, and there is no file ${file}. Build it first, or name the module that makes the application.`,
    )
  try {
    return await import(pathToFileURL(file).href)
  } catch (error) {
    throw error instanceof SyntaxError ? new Error(syntaxFault(path, file, error), { cause: error }) : error
  }
}

/** Of what TypeScript writes as CommonJS (`exports.default = …`) Node's default export is all of `exports`. */
const defaultOf = ({ default: exported }: { readonly default?: unknown }): unknown => {
  const compiled = exported as { readonly __esModule?: unknown; readonly default?: unknown } | null | undefined
  return compiled?.__esModule === true ? compiled.default : exported
}

const called = async (make: () => unknown, path: string): Promise<unknown> => {
  try {
    return await make()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const plugin =
      make.length === 0
        ? ''
        : '\nIt has a parameter, as a plugin has: export a function that makes the application itself.'
    throw new Error(
      `${path}: its default export was called with nothing, to make the application, and threw: ${message.trimEnd()}${plugin}`,
      { cause: error },
    )
  }
}
