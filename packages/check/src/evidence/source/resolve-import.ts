/** Which file of the project an import means; undefined is somebody else's package. */
import { posix } from 'node:path'
import type { Module } from './tree.ts'

/** `compilerOptions.baseUrl` and `paths` of a tsconfig, by the folder it stands in. */
export interface PathAliases {
  readonly folder: string
  readonly baseUrl: string | undefined
  readonly paths: Readonly<Record<string, readonly string[]>>
}

export interface Layout {
  readonly files: ReadonlySet<string>
  readonly aliases: readonly PathAliases[]
  /** Workspace packages: name → folder. */
  readonly packages: ReadonlyMap<string, string>
  /** What their manifests say that they give out. */
  readonly exports?: readonly PathAliases[]
}

const ENDINGS = [
  '',
  '.ts',
  '.tsx',
  '.js',
  '.mjs',
  '.cjs',
  '.jsx',
  '.mts',
  '.cts',
  '/index.ts',
  '/index.tsx',
  '/index.js',
  '/index.mjs',
  '/index.cjs',
  '.json',
]

const existing = (path: string, files: ReadonlySet<string>): string | undefined => {
  const plain = posix.normalize(path).replace(/\/$/, '')
  // `./app.js` in a TypeScript source means app.ts.
  const bare = plain.replace(/\.(?:[cm]?js|jsx)$/, '')
  for (const ending of ENDINGS) {
    if (files.has(plain + ending)) return plain + ending
    if (bare !== plain && files.has(bare + ending)) return bare + ending
  }
  return
}

export const resolveImport = (module: Module, from: string, layout: Layout): string | undefined =>
  module.language === 'python'
    ? resolvePython(module.file, from, layout.files)
    : resolveJavaScript(module.file, from, layout)

const resolveJavaScript = (
  file: string,
  from: string,
  { files, aliases, packages, exports = [] }: Layout,
): string | undefined => {
  if (from.startsWith('.')) return existing(posix.join(posix.dirname(file), from), files)
  const near = aliases
    .filter((one) => one.folder === '' || file.startsWith(`${one.folder}/`))
    .sort((a, b) => b.folder.length - a.folder.length)
  for (const alias of near) {
    const found = throughAlias(from, alias, files)
    if (found !== undefined) return found
  }
  for (const one of exports) {
    const found = throughAlias(from, one, files)
    if (found !== undefined) return found
  }
  for (const [name, folder] of packages) {
    if (from !== name && !from.startsWith(`${name}/`)) continue
    const rest = from.slice(name.length + 1)
    for (const start of rest === '' ? ['src/index', 'index', 'src/main', 'lib/index'] : [rest, `src/${rest}`]) {
      const found = existing(posix.join(folder, start), files)
      if (found !== undefined) return found
    }
    // The package's exports may map the name to a folder further down: `lib/fastify` to src/adapters/fastify/index.ts.
    const ends = ENDINGS.slice(1).map((ending) => `/${rest}${ending}`)
    const mapped =
      rest === ''
        ? []
        : [...files].filter((one) => one.startsWith(`${folder}/src/`) && ends.some((end) => one.endsWith(end)))
    if (mapped.length === 1) return mapped[0]
  }
  // `require('config.json')` with NODE_PATH set to the project's folder.
  if (from.endsWith('.json') && files.has(from)) return from
  // Package imports (`#config/…`) and the custom of `@/` and `~/` without a tsconfig that could be read.
  const custom = from.match(/^(?:#|@\/|~\/|src\/)\/?(.+)$/)?.[1]
  if (custom === undefined) return
  for (let folder = posix.dirname(file); ; folder = posix.dirname(folder)) {
    const found = existing(posix.join(folder, 'src', custom), files) ?? existing(posix.join(folder, custom), files)
    if (found !== undefined || folder === '.' || folder === '/') return found
  }
}

const throughAlias = (
  from: string,
  { folder, baseUrl, paths }: PathAliases,
  files: ReadonlySet<string>,
): string | undefined => {
  const base = posix.join(folder, baseUrl ?? '.')
  for (const [pattern, targets] of Object.entries(paths)) {
    const [before = '', after] = pattern.split('*', 2)
    const fits =
      after === undefined
        ? from === pattern
        : from.startsWith(before) && from.endsWith(after) && from.length >= before.length + after.length
    if (!fits) continue
    const star = after === undefined ? '' : from.slice(before.length, from.length - after.length)
    for (const target of targets) {
      const found = existing(
        posix.join(
          base,
          target.replace('*', () => star),
        ),
        files,
      )
      if (found !== undefined) return found
    }
  }
  return baseUrl === undefined ? undefined : existing(posix.join(base, from), files)
}

const resolvePython = (file: string, from: string, files: ReadonlySet<string>): string | undefined => {
  const dots = from.match(/^\.*/)?.[0].length ?? 0
  const path = from.slice(dots).replaceAll('.', '/')
  if (dots > 0) {
    const base = posix.join(posix.dirname(file), ...Array.from({ length: dots - 1 }, () => '..'))
    return pythonFile(posix.join(base, path), files)
  }
  // Python's path starts where the program was started: any folder above the importing file may be it.
  const above = foldersAbove(file)
  const isPackage = (folder: string): boolean => files.has(posix.join(folder, '__init__.py'))
  const outermost = above.findLast(isPackage)
  // A folder that is a package is no start, unless nothing else is: `import jwt` inside it means the library, not its own jwt.py.
  const last = above.filter(
    (one) => isPackage(one) && (path.includes('/') || (one === outermost && !LIBRARY.test(path))),
  )
  for (const folder of [...above.filter((one) => !isPackage(one)), ...last]) {
    const found = pythonFile(posix.join(folder, path), files) ?? pythonFile(posix.join(folder, 'src', path), files)
    if (found !== undefined && found !== file) return found
  }
  return
}

/** Libraries whose names are as usual for files of one's own. */
const LIBRARY =
  /^(?:jwt|jose|redis|limits|celery|email|logging|types|secrets|token|http|json|uuid|flask|fastapi|starlette)$/

/** The folder of a file, and all above it. */
const foldersAbove = (file: string): readonly string[] => {
  const found: string[] = []
  for (let folder = posix.dirname(file); ; folder = posix.dirname(folder)) {
    found.push(folder)
    if (folder === '.' || folder === '/') return found
  }
}

const pythonFile = (path: string, files: ReadonlySet<string>): string | undefined =>
  [`${path}.py`, `${path}/__init__.py`].find((one) => files.has(one))
