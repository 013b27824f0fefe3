import type { Project, ProjectFile } from '../project/index.ts'
import { compose, kubernetes, workflow } from './compose.ts'
import { dockerfile } from './dockerfile.ts'
import { environmentFile, envLines } from './env-file.ts'
import {
  type Build,
  type Command,
  type EnvironmentValue,
  type Found,
  isForDevelopment,
  type Place,
  type ProxySign,
} from './facts.ts'
import { isPlatformYaml, PLATFORM_FILE, platform, platformJson } from './platforms.ts'
import { mayBeProxy, proxySigns } from './proxies.ts'
import { npmScripts, procfile, shellScript, systemdUnit } from './starts.ts'

export type { Build, Command, CommandKind, EnvironmentKind, EnvironmentValue, ProxyKind, ProxySign } from './facts.ts'

export interface Settings {
  readonly env: readonly EnvironmentValue[]
  readonly commands: readonly Command[]
  /** Tracked .env files that are no examples and set something. */
  readonly trackedEnv: readonly string[]
  readonly proxies: readonly ProxySign[]
  readonly builds?: readonly Build[]
  /** Files that could not be read as what they are. */
  readonly notes: readonly { readonly file: string; readonly text: string }[]
  /** Why not all of them are here. */
  readonly why?: string
}

/** A few hundred are many. */
const MOST = 50_000

const ENV_FILE = /(?:^|\/)(?:\.env(?:$|[.-][^/]*$)|\.flaskenv$|[^/]*\.env$|env[.-][^/]*$|\.dev\.vars(?:\.[^/]*)?$)/i

type Reader = (text: string, place: Place) => Found

const READERS: readonly (readonly [RegExp, Reader])[] = [
  [ENV_FILE, (text, place) => ({ env: environmentFile(text, place) })],
  [/(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$|(?:^|\/)docker-stack[^/]*\.ya?ml$/i, compose],
  [/(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/i, workflow],
  [/(?:^|\/)(?:dockerfile|containerfile)(?:$|[.-][^/]*$)|\.dockerfile$/i, dockerfile],
  [/(?:^|\/)procfile(?:\.[^/]*)?$/i, procfile],
  [PLATFORM_FILE, (text, place) => (place.file.endsWith('.json') ? platformJson(text, place) : platform(text, place))],
  [/(?:^|\/)package\.json$/, npmScripts],
  [/\.service$/i, systemdUnit],
  [/\.sh$|(?:^|\/)(?:entrypoint|docker-entrypoint|start|run)$/i, shellScript],
  [/\.ya?ml$/i, (text, place) => unnamedYaml(text, place)],
]

/** Compose and Kubernetes files go by many names. */
const unnamedYaml: Reader = (text, place) => {
  if (/^services:\s*$/m.test(text) && /^\s+(?:image|build):/m.test(text)) return compose(text, place)
  if (isPlatformYaml(text)) return platform(text, place)
  return /^kind:\s/m.test(text) && /^apiVersion:\s/m.test(text) ? kubernetes(text, place) : {}
}

/** What every settings file of the project says; files that nobody wrote by hand, or that are broken, say nothing. */
export const settingsOf = (project: Pick<Project, 'files' | 'read'>): Settings => {
  const env: EnvironmentValue[] = []
  const commands: Command[] = []
  const proxies: ProxySign[] = []
  const builds: Build[] = []
  const notes: { file: string; text: string }[] = []
  const trackedEnv: string[] = []
  const all: Settings = { env, commands, trackedEnv, proxies, builds, notes }
  const named = new Map<string, ProjectFile>()
  const files = new Map(project.files.map((file) => [file.path, file]))
  for (const file of project.files) {
    const { path, role, kind } = file
    const reader =
      role === 'generated' || kind === 'source' ? undefined : READERS.find(([pattern]) => pattern.test(path))?.[1]
    const proxy = role === 'program' && kind !== 'source' && mayBeProxy(path)
    const text = reader === undefined && !proxy ? undefined : project.read(path)
    if (text === undefined) continue
    if (proxy) proxies.push(...proxySigns(text, path))
    if (reader === undefined) continue
    // Added one by one: a file of a megabyte has more than fit into the arguments of one call.
    const found = reader(text, { file: path, role, development: isForDevelopment(path) })
    for (const one of found.env ?? []) env.push(one)
    for (const one of found.commands ?? []) commands.push(one)
    for (const one of found.proxies ?? []) proxies.push(one)
    for (const one of found.builds ?? []) builds.push(one)
    if (env.length + commands.length + proxies.length > MOST) {
      for (const list of [env, commands, proxies]) list.length = Math.min(list.length, MOST)
      return { ...all, why: `over ${MOST} settings` }
    }
    if (found.note !== undefined) notes.push({ file: path, text: found.note })
    for (const other of found.environmentFiles ?? []) {
      const target = files.get(other)
      if (target !== undefined && !ENV_FILE.test(other)) named.set(other, target)
    }
    if (ENV_FILE.test(path) && kind !== 'source' && file.tracked && role === 'program' && holdsSomething(text))
      trackedEnv.push(path)
  }
  for (const [path, { role }] of named)
    for (const one of environmentFile(project.read(path) ?? '', {
      file: path,
      role,
      development: isForDevelopment(path),
    }))
      env.push(one)
  return all
}

const holdsSomething = (text: string): boolean => envLines(text).some(({ value }) => value !== '' && !/^\$/.test(value))
