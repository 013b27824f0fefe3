/** What a program says that it depends on. Names only: an npm name as it is, a Python name in its normal form (PEP 503). */
import type { ProjectFile } from './project.ts'

export interface Package {
  /** '' for the project's own folder. */
  readonly folder: string
  /** The manifest's path from the project's folder. */
  readonly manifest: string
  readonly language: 'javascript' | 'python'
  readonly dependencies: readonly string[]
  readonly developmentDependencies: readonly string[]
}

interface Names {
  readonly dependencies: readonly string[]
  readonly developmentDependencies: readonly string[]
}

const MOST = 500

export const packagesOf = (
  files: readonly ProjectFile[],
  read: (path: string) => string | undefined,
): readonly Package[] =>
  files
    .filter(({ path, role }) => role === 'program' && readerOf(path) !== undefined)
    .sort((a, b) => a.path.split('/').length - b.path.split('/').length)
    .slice(0, MOST)
    .flatMap(({ path }) => {
      const text = read(path)
      const names = text === undefined ? undefined : readerOf(path)?.(text)
      if (names === undefined) return []
      const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
      return [{ folder, manifest: path, language: path.endsWith('package.json') ? 'javascript' : 'python', ...names }]
    })

const readerOf = (path: string): ((text: string) => Names | undefined) | undefined => {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  if (name === 'package.json') return npmNames
  if (name === 'pyproject.toml' || name === 'pipfile') return tomlNames
  if (/^requirements[\w.-]*\.txt$/.test(name) || /(?:^|\/)requirements\/[^/]+\.txt$/.test(path))
    return /dev|test|lint|doc/.test(name)
      ? (text) => ({ dependencies: [], developmentDependencies: requirementNames(text) })
      : (text) => ({ dependencies: requirementNames(text), developmentDependencies: [] })
  return undefined
}

const npmNames = (text: string): Names | undefined => {
  try {
    const manifest = JSON.parse(text) as Record<string, unknown> | null
    const names = (...keys: string[]) => unique(keys.flatMap((key) => Object.keys(Object(manifest?.[key]))))
    return {
      dependencies: names('dependencies', 'optionalDependencies', 'peerDependencies'),
      developmentDependencies: names('devDependencies'),
    }
  } catch {
    return undefined
  }
}

const requirementNames = (text: string): readonly string[] =>
  unique(text.split('\n').flatMap((line) => pythonName(line) ?? []))

const pythonName = (requirement: string): string | undefined => {
  const name = /^\s*([A-Za-z0-9][\w.-]*)/.exec(requirement.slice(0, 300))?.[1]
  return name?.toLowerCase().replaceAll(/[._-]+/g, '-')
}

/** Only what says dependencies, of PEP 621, dependency groups, Poetry, uv and Pipenv. */
const tomlNames = (text: string): Names => {
  const found: Record<'plain' | 'development', string[]> = { plain: [], development: [] }
  let section = ''
  let into: string[] | undefined
  for (const line of text.split('\n')) {
    const bare = line.trim()
    if (into !== undefined) {
      const list = into
      list.push(...stringsIn(bare))
      if (closes(bare)) into = undefined
      continue
    }
    const header = /^\[{1,2}([^\]]{1,200})\]/.exec(bare)?.[1]
    if (header !== undefined) {
      section = header.trim().replaceAll('"', '')
      continue
    }
    const equals = bare.indexOf('=')
    if (equals === -1 || bare.startsWith('#')) continue
    const key = bare.slice(0, equals).trim().replaceAll(/["']/g, '')
    const value = bare.slice(equals + 1).trim()
    const side = sideOf(section, key)
    if (side === undefined) continue
    if (side.keys) found[side.side].push(key)
    else if (value.startsWith('[')) {
      found[side.side].push(...stringsIn(value))
      if (!closes(value)) into = found[side.side]
    }
  }
  const names = (list: readonly string[]) =>
    unique(list.flatMap((one) => pythonName(one) ?? []).filter((one) => one !== 'python'))
  return { dependencies: names(found.plain), developmentDependencies: names(found.development) }
}

/** Where a key's names belong, and whether the keys themselves are the names. */
const sideOf = (section: string, key: string): { side: 'plain' | 'development'; keys: boolean } | undefined => {
  if (section === 'project' && key === 'dependencies') return { side: 'plain', keys: false }
  if (section === 'project.optional-dependencies') return { side: 'plain', keys: false }
  if (section === 'dependency-groups') return { side: 'development', keys: false }
  if (section === 'tool.uv' && key === 'dev-dependencies') return { side: 'development', keys: false }
  if (section === 'tool.poetry.dependencies' || section === 'packages') return { side: 'plain', keys: true }
  if (/^tool\.poetry\.(?:dev-dependencies|group\.[\w-]+\.dependencies)$/.test(section) || section === 'dev-packages')
    return { side: 'development', keys: true }
  return undefined
}

const stringsIn = (line: string): readonly string[] =>
  [...line.slice(0, 5_000).matchAll(/"([^"]{1,300})"|'([^']{1,300})'/g)].map(([, a, b]) => a ?? b ?? '')

/** Whether the list ends on the line; `"uvicorn[standard]"` does not end it. */
const closes = (line: string): boolean =>
  line
    .replaceAll(/"[^"]{0,300}"|'[^']{0,300}'/g, '')
    .replace(/#.*$/, '')
    .includes(']')

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)]
