/** From a project's folder to what its source says of the backend. */
import { posix } from 'node:path'
import type { Package, Project } from '../project/index.ts'
import type { Settings } from '../settings/index.ts'
import {
  deadlyOf,
  Evaluator,
  exportsOf,
  type Layout,
  type Module,
  type PathAliases,
  Program,
  parseJavaScript,
  parseJson,
} from '../source/index.ts'
import { openPython } from '../source/python.ts'
import { betterAuthDocs, withOwnLimit } from './better-auth/index.ts'
import { readControllers, together } from './controllers/index.ts'
import { cookiesOf } from './cookies/index.ts'
import { deploymentOf, reloaders, withDevelopmentImages } from './deployment/index.ts'
import { environmentAnswers } from './disclosure/index.ts'
import { readExpress } from './express/index.ts'
import type { Backend, Framework, FrameworkFacts } from './facts.ts'
import { readFastapi } from './fastapi/index.ts'
import { readFastify } from './fastify/index.ts'
import { readFlask } from './flask/index.ts'
import { forBrowsers } from './for-browsers.ts'
import { passwordChecksOf } from './guards/index.ts'
import { readHono } from './hono/index.ts'
import { keysOf, refusedWords } from './keys/index.ts'
import { askedBeside, importedLimiters, unreadLimiters } from './limits/index.ts'
import { readNest } from './nest/index.ts'
import { everyCors } from './origins/index.ts'
import { procedureApis } from './procedures.ts'
import type { EnvSetting, Reading } from './reading.ts'
import { tokensOf, verificationsOf } from './tokens/index.ts'
import { unreadOf } from './unread.ts'

const LARGEST = 400 * 1024
const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx|py)$/

/** Their readers look at reloaders themselves. */
const PYTHON: ReadonlySet<Framework> = new Set(['fastapi', 'flask'])

/** Reads the program of a project. Judges nothing. */
export const readBackend = async (project: Project, given: Settings): Promise<Backend> => {
  const settings = withDevelopmentImages(given)
  const reading = await readingOf(project, settings)
  const imported = frameworksOf(reading)
  const frameworks = imported.length > 0 ? imported : frameworksNamed(project.packages())
  const facts = frameworks.map((framework) => withOwnLimit(reading, read(framework, reading, settings, project)))
  const tokens = tokensOf(reading)
  const verifications = verificationsOf(reading)
  const refused = refusedWords(reading)
  const all = <K extends keyof FrameworkFacts>(key: K): FrameworkFacts[K] =>
    facts.flatMap((one) => one[key] as readonly unknown[]) as unknown as FrameworkFacts[K]
  const limiters = all('limiters')
  const passwordChecks = passwordChecksOf(reading)
  return {
    frameworks,
    files: reading.program.modules.size,
    tokens,
    verifications,
    issuers: facts.flatMap((one) => one.issuers ?? []),
    keys: keysOf(reading, tokens, verifications, refused),
    limiters:
      limiters.length > 0
        ? limiters
        : [...importedLimiters(reading), ...unreadLimiters(reading), ...askedBeside(reading, passwordChecks)],
    routes: all('routes'),
    guards: all('guards'),
    cors: everyCors(reading, all('cors')),
    docs: [...all('docs'), ...betterAuthDocs(reading)],
    debug: [
      ...all('debug'),
      ...environmentAnswers(reading),
      ...(frameworks.some((one) => !PYTHON.has(one)) ? reloaders(settings) : []),
    ],
    proxies: all('proxies'),
    cookies: [...cookiesOf(reading), ...facts.flatMap((one) => one.cookies ?? [])],
    passwordChecks,
    unread: unreadOf(project, [...reading.program.modules.values()], tooLarge(project)),
    unreadRoutes: [...facts.flatMap((one) => one.unreadRoutes ?? []), ...procedureApis(reading)],
    refused,
  }
}

const tooLarge = (project: Project): readonly string[] => {
  const packages = project.packages()
  return project.files
    .filter(
      (one) =>
        one.kind === 'source' &&
        one.size > LARGEST &&
        SOURCE.test(one.path) &&
        !forBrowsers(one.path, packages, project),
    )
    .map((one) => one.path)
}

const read = (framework: Framework, reading: Reading, settings: Settings, project: Project): FrameworkFacts => {
  switch (framework) {
    case 'express':
      return together(readExpress(reading), readControllers(reading))
    case 'fastify':
      return readFastify(reading)
    case 'hono':
      return readHono(reading)
    case 'nest':
      return readNest(reading)
    case 'fastapi':
      return readFastapi(reading, settings.commands)
    case 'flask':
      return readFlask(reading, { text: (file) => project.read(file), commands: settings.commands })
  }
}

const readingOf = async (project: Project, settings: Settings): Promise<Reading> => {
  const packages = project.packages()
  const sources = project.files.filter(
    (one) =>
      one.kind === 'source' &&
      one.role === 'program' &&
      one.size <= LARGEST &&
      SOURCE.test(one.path) &&
      !forBrowsers(one.path, packages, project),
  )
  const python = sources.some((one) => one.path.endsWith('.py')) ? await openPython() : undefined
  const configurations = project.files.filter(
    ({ path, size, role }) => role === 'program' && size < 50_000 && isConfiguration(path),
  )
  const texts = [...sources, ...configurations].flatMap(({ path }) => {
    const text = project.read(path)
    return text === undefined ? [] : [{ file: path, text }]
  })
  const deadly = await deadlyOf(texts.filter((one) => !one.file.endsWith('.py')))
  const modules = texts.flatMap(({ file, text }): Module[] => {
    if (deadly.has(file)) return [{ file, language: 'javascript', text, body: [], broken: true }]
    if (file.endsWith('.py')) return python === undefined ? [] : [python(file, text)]
    return [file.endsWith('.json') ? parseJson(file, text, true) : parseJavaScript(file, text, true)]
  })
  const program = new Program(modules, layoutOf(project, modules, packages))
  return {
    program,
    evaluator: new Evaluator(program),
    env: envOf(settings, project),
    deployment: deploymentOf(settings, project),
  }
}

/** JSON that programs import as their settings; manifests and compilers' settings are none. */
const isConfiguration = (path: string): boolean =>
  path.endsWith('.json') &&
  !/(?:^|\/)(?:package|package-lock|[jt]sconfig[\w.]*|nest-cli|biome|turbo|lerna|nx|project|angular|vercel|renovate|composer|manifest|openapi|swagger)[\w.-]*\.json$|(?:^|\/)(?:node_modules|\.vscode|\.github|locales?|i18n|data|fixtures|migrations|schema)\//.test(
    path,
  )

const layoutOf = (project: Project, modules: readonly Module[], packages: readonly Package[]): Layout => {
  const named = packages.flatMap(({ folder, manifest, dependencies, developmentDependencies }) => {
    const read = manifestOf(project.read(manifest))
    // An application that is called `fastify` and depends on it imports the other one.
    const isOthers = read !== undefined && [...dependencies, ...developmentDependencies].includes(read.name)
    return read === undefined || isOthers ? [] : [{ folder, manifest: read }]
  })
  return {
    files: new Set([...project.files.map((one) => one.path), ...modules.map((one) => one.file)]),
    aliases: project.files
      .filter((one) => /(?:^|\/)[jt]sconfig(?:\.\w+)*\.json$/.test(one.path))
      .flatMap((one) => aliasesOf(one.path, project.read(one.path))),
    packages: new Map(named.map(({ folder, manifest }) => [manifest.name, folder])),
    exports: named.map(({ folder, manifest }) => exportsOf(folder, manifest)),
  }
}

/** The manifest of a package that the others of a workspace can import: it has a name. */
const manifestOf = (text: string | undefined): { readonly name: string } | undefined => {
  try {
    const manifest = JSON.parse(text ?? '') as { name?: unknown } | null
    return typeof manifest?.name === 'string' && manifest.name !== '' ? { ...manifest, name: manifest.name } : undefined
  } catch {
    return undefined
  }
}

/** tsconfig is JSON with comments and trailing commas; what can't be read is no alias. */
const aliasesOf = (file: string, text: string | undefined): PathAliases[] => {
  if (text === undefined) return []
  try {
    const plain = text.replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '$1').replace(/,(\s*[}\]])/g, '$1')
    const options = (JSON.parse(plain) as { compilerOptions?: { baseUrl?: unknown; paths?: unknown } }).compilerOptions
    const paths = options?.paths
    if (typeof options?.baseUrl !== 'string' && (typeof paths !== 'object' || paths === null)) return []
    const read: Record<string, string[]> = {}
    for (const [key, targets] of Object.entries((paths ?? {}) as Record<string, unknown>))
      if (Array.isArray(targets)) read[key] = targets.filter((one) => typeof one === 'string')
    const folder = posix.dirname(file)
    return [
      {
        folder: folder === '.' ? '' : folder,
        baseUrl: typeof options?.baseUrl === 'string' ? options.baseUrl : undefined,
        paths: read,
      },
    ]
  } catch {
    return []
  }
}

/** `.env.production.local`: `local` is where it lies, not what it is for. */
const OF_PRODUCTION = /(?:^|\/)\.env\.prod(?:uction)?(?:\.|$)/

const envOf = (settings: Settings, project: Project): ReadonlyMap<string, readonly EnvSetting[]> => {
  const env = new Map<string, EnvSetting[]>()
  const lines = new Map<string, readonly string[]>()
  const linesOf = (file: string): readonly string[] => {
    const known = lines.get(file) ?? (project.read(file) ?? '').split('\n')
    lines.set(file, known)
    return known
  }
  const order = settings.env
    .map((one) => ({ ...one, development: one.development && !OF_PRODUCTION.test(one.file) }))
    .sort((a, b) => Number(a.development) - Number(b.development))
  for (const one of order) {
    // Compose's `${X:-value}` sets what stands behind the dash; a bare reference sets nothing.
    const value = one.value.replace(/^\$\{[A-Za-z_]\w*:?-(.*)\}$/, '$1')
    if (/^\$\{?[A-Za-z_]\w*\}?$/.test(value) || one.role === 'test' || one.kind === 'workflow') continue
    // An example that leaves the value out (`JWT_EXPIRY=`) says that there is such a setting, and nothing of what it is.
    if (value === '' && one.role === 'example') continue
    const list = env.get(one.name) ?? []
    if (list.length === 0) env.set(one.name, list)
    // What is for development only counts where nothing else says it.
    if (one.development && list.length > 0) continue
    const line = linesOf(one.file)[one.line - 1]?.trim() ?? ''
    list.push({
      value,
      at: { file: one.file, line: one.line, text: line.slice(0, 200) },
      example: one.role === 'example',
      ...(one.development ? { development: true as const } : {}),
    })
  }
  return env
}

const IMPORTS: readonly [Framework, RegExp][] = [
  ['nest', /^@nestjs\/(?:core|common)$/],
  ['fastapi', /^fastapi(?:\.|$)/],
  ['flask', /^(?:flask|connexion|quart|apiflask|flask_openapi3)(?:\.|$)/],
  ['hono', /^(?:hono(?:\/|$)|@hono\/zod-openapi$)/],
  // Until 2022 its plugins were called fastify-cors, fastify-autoload …
  ['fastify', /^(?:fastify|@fastify\/.*|fastify-[\w-]+|portcullis\/fastify)$/],
  ['express', /^(?:express|express-promise-router|routing-controllers)$/],
]

/** The frameworks that the program imports. */
const frameworksOf = (reading: Reading): Framework[] => {
  const imported = new Set<string>()
  for (const module of reading.program.modules.values())
    for (const scope of [reading.program.scopes(module)])
      for (const [node] of scope.around) if (node.kind === 'import') imported.add(node.from)
  return among([...imported])
}

/** A program that a command starts (`fastify start app.js`) need not import its framework: the manifest names it. */
const frameworksNamed = (packages: readonly Package[]): Framework[] =>
  among(packages.flatMap((one) => one.dependencies).filter((one) => !/^fastify-/.test(one)))

const among = (names: readonly string[]): Framework[] => {
  const found = IMPORTS.filter(([, pattern]) => names.some((one) => pattern.test(one))).map(([framework]) => framework)
  // Nest runs on Express or Fastify, whose types it imports; its routes are its own.
  return found.includes('nest') ? found.filter((one) => one !== 'express' && one !== 'fastify') : found
}
