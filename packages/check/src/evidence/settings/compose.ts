/** What compose files, workflows and Kubernetes manifests set and start. */
import { posix } from 'node:path'
import type { Build, Command, EnvironmentKind, EnvironmentValue, Found, Place, ProxyKind, ProxySign } from './facts.ts'
import { commandsOf, runs, startsServer } from './shell.ts'
import { readYaml, type Yaml } from './yaml.ts'

/** Both forms: a map, and a list of `NAME=value`. A name alone is passed on from outside and has no value here. */
const environmentOf = (
  node: Yaml | undefined,
  place: Place,
  kind: EnvironmentKind,
  service?: string,
): readonly EnvironmentValue[] => {
  if (node === undefined) return []
  const value = (name: string, text: string, line: number): EnvironmentValue => {
    return { ...place, name, value: text, line, kind, ...(service === undefined ? {} : { service }) }
  }
  const listed = node.items().flatMap(({ text, line }) => {
    const equals = text?.indexOf('=') ?? -1
    return text === undefined || equals < 1 ? [] : [value(text.slice(0, equals).trim(), text.slice(equals + 1), line)]
  })
  const mapped = node
    .entries()
    .flatMap(([name, { text, line }]) => (text === undefined ? [] : [value(name, text, line)]))
  return [...listed, ...mapped]
}

const PROXY_IMAGES: readonly [RegExp, ProxyKind][] = [
  [/(?:^|\/)(?:nginx|nginx-proxy|openresty|nginx-proxy-manager)(?:$|[:@])/, 'nginx'],
  [/(?:^|\/)traefik(?:$|[:@])/, 'traefik'],
  [/(?:^|\/)caddy(?:$|[:@-])/, 'caddy'],
  [/(?:^|\/)haproxy(?:$|[:@])/, 'haproxy'],
  [/(?:^|\/)cloudflared(?:$|[:@])/, 'cloudflare'],
]

export const compose = (text: string, place: Place): Found => {
  const { documents, why } = readYaml(text)
  if (why !== undefined) return { note: why }
  const env: EnvironmentValue[] = []
  const commands: Command[] = []
  const proxies: ProxySign[] = []
  const environmentFiles: string[] = []
  const builds: Build[] = []
  for (const [name, service] of documents[0]?.at('services')?.entries() ?? []) {
    env.push(...environmentOf(service.at('environment'), place, 'compose', name))
    const files = filesOf(service.at('env_file'), place)
    environmentFiles.push(...files)
    const image = imageOf(service.at('build'), place)
    if (image !== undefined)
      builds.push({
        image,
        compose: place.file,
        service: name,
        development: place.development,
        mounted: (service.at('volumes')?.items() ?? []).some(mountsSource),
        environmentFiles: files,
      })
    for (const key of ['entrypoint', 'command']) {
      const started = startOf(service.at(key), place, 'compose', name)
      commands.push(...(started.commands ?? []))
      env.push(...(started.env ?? []))
    }
    const made = service.at('image')
    const kind = PROXY_IMAGES.find(([pattern]) => pattern.test(made?.text ?? ''))?.[1]
    if (kind !== undefined && made !== undefined) proxies.push({ kind, file: place.file, line: made.line })
    const labels = service.at('labels')
    const label = [
      ...(labels?.items() ?? []).map((one) => [one.text ?? '', one] as const),
      ...(labels?.entries() ?? []),
    ].find(([key, one]) => /^traefik\.(?:enable|http)/.test(key) && !/=\s*false$|^false$/.test(one.text ?? ''))
    if (label !== undefined) proxies.push({ kind: 'traefik', file: place.file, line: label[1].line })
  }
  return { env, commands, proxies, builds, environmentFiles }
}

/** `build: .`, `build: { context: ., dockerfile: ci/Dockerfile }`; a context elsewhere is none of the project's. */
const imageOf = (build: Yaml | undefined, place: Place): string | undefined => {
  if (build === undefined) return
  const context = build.text ?? build.at('context')?.text ?? '.'
  if (/^\w+:\/\/|^\$|^git@/.test(context)) return
  const path = posix.join(posix.dirname(place.file), context, build.at('dockerfile')?.text ?? 'Dockerfile')
  return path.startsWith('..') || path.startsWith('/') ? undefined : path
}

/** `./:/app`, `./src:/app/src`; a folder of data or a single file is no source. */
const mountsSource = (volume: Yaml): boolean => {
  const [from = ''] = volume.text?.split(':') ?? [volume.at('source')?.text]
  return /^\.{1,2}(?:\/\.\.)*\/?$|^\.[\w./-]*\/(?:src|app|apps|server|backend|api|packages|lib)\/?$/.test(from)
}

const filesOf = (node: Yaml | undefined, place: Place): readonly string[] =>
  [node, ...(node?.items() ?? [])]
    .flatMap((one) => one?.text ?? one?.at('path')?.text ?? [])
    .map((path) => posix.normalize(posix.join(posix.dirname(place.file), path)))
    .filter((path) => !path.startsWith('..') && !path.startsWith('/'))

const startOf = (node: Yaml | undefined, place: Place, kind: Command['kind'], name?: string): Found => {
  if (node === undefined) return {}
  const shared = { line: node.items()[0]?.line ?? node.line, kind, ...(name === undefined ? {} : { name }) }
  if (node.text !== undefined) return commandsOf(unescaped(node.text), undefined, place, shared)
  const argv = node.items().flatMap(({ text }) => (text === undefined ? [] : [unescaped(text)]))
  return argv.length === 0 ? {} : commandsOf(argv.join(' '), argv, place, shared)
}

/** Compose writes `$$` for a dollar of the shell's. */
const unescaped = (text: string): string => text.replaceAll('$$', '$')

/** The environment of the workflow, its jobs, their steps and services, and the steps that start a server. */
export const workflow = (text: string, place: Place): Found => {
  const { documents, why } = readYaml(text)
  if (why !== undefined) return { note: why }
  const root = documents[0]
  const env = [...environmentOf(root?.at('env'), place, 'workflow')]
  const commands: Command[] = []
  for (const [, job] of root?.at('jobs')?.entries() ?? []) {
    env.push(...environmentOf(job.at('env'), place, 'workflow'))
    for (const [name, service] of job.at('services')?.entries() ?? [])
      env.push(...environmentOf(service.at('env'), place, 'workflow', name))
    for (const step of job.at('steps')?.items() ?? []) {
      env.push(...environmentOf(step.at('env'), place, 'workflow'))
      const run = step.at('run')
      for (const line of (run?.text ?? '').slice(0, 20_000).replaceAll('\\\n', ' ').split('\n'))
        if (runs(line).argvs.some(startsServer))
          commands.push(
            ...(commandsOf(line, undefined, place, { line: run?.line ?? 1, kind: 'workflow' }).commands ?? []),
          )
    }
  }
  return { env, commands }
}

const DEEPEST = 12

/** Containers, wherever a manifest keeps them, and config maps. */
export const kubernetes = (text: string, place: Place): Found => {
  const { documents } = readYaml(text)
  const env: EnvironmentValue[] = []
  const commands: Command[] = []
  let left = 5_000
  const walk = (node: Yaml, depth: number): void => {
    if (depth > DEEPEST || --left < 0) return
    for (const [key, value] of node.entries()) {
      if (key === 'containers' || key === 'initContainers') for (const one of value.items()) container(one)
      else walk(value, depth + 1)
    }
    for (const one of node.items()) walk(one, depth + 1)
  }
  const container = (node: Yaml) => {
    for (const one of node.at('env')?.items() ?? []) {
      const [name, value] = [one.at('name')?.text, one.at('value')]
      if (name !== undefined && value?.text !== undefined)
        env.push({ ...place, name, value: value.text, line: value.line, kind: 'kubernetes' })
    }
    const parts = ['command', 'args'].flatMap((key) => node.at(key) ?? [])
    const argv = parts.flatMap((part) => part.items().flatMap((one) => one.text ?? []))
    const [first] = parts
    if (first !== undefined && argv.length > 0) {
      const started = commandsOf(argv.join(' '), argv, place, { line: first.line, kind: 'kubernetes' })
      commands.push(...(started.commands ?? []))
      env.push(...(started.env ?? []))
    }
  }
  for (const document of documents) {
    if (document.at('kind')?.text === 'ConfigMap') env.push(...environmentOf(document.at('data'), place, 'kubernetes'))
    else walk(document, 0)
  }
  return { env, commands }
}
