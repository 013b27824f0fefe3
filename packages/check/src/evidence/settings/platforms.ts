/** What a platform starts and sets: render.yaml, fly.toml, railway.json, nixpacks.toml, heroku.yml, app.yaml. Each writes it in a line. */
import type { Command, EnvironmentValue, Found, Place } from './facts.ts'
import { commandsOf } from './shell.ts'

export const PLATFORM_FILE =
  /(?:^|\/)(?:render\.ya?ml|fly(?:\.[\w-]+)?\.toml|railway\.(?:json|toml)|nixpacks\.toml|heroku\.ya?ml)$/i

/** Of an app.yaml, which Kubernetes' files are called too: App Engine's, and DigitalOcean's. */
export const isPlatformYaml = (text: string): boolean => /^runtime:\s|^\s+(?:-\s+)?run_command:\s/m.test(text)

const ENTRY = /^\s*(?:-\s+)?["']?([A-Za-z_][\w-]{0,100})["']?\s{0,20}[:=]\s{0,20}(\S.*)$/
const START = /^(?:startCommand|dockerCommand|start_command|run_command|entrypoint|cmd)$/
/** `[processes]` of fly.toml, `run:` of heroku.yml: each process by its name. `[env]`, `env_variables:`: each variable by its own. */
const SECTION = /^\[{1,2}([\w.-]+)\]{1,2}\s*$|^(run|env_variables):\s*$/
const PROCESSES = /^(?:processes|run)$/
const VARIABLES = /^(?:env|env_variables|variables)$/

export const platform = (text: string, place: Place): Found => {
  const commands: Command[] = []
  const env: EnvironmentValue[] = []
  const lines = text.split(/\r?\n/)
  let section = ''
  let key: string | undefined
  const starts = (name: string, given: string, line: number): void => {
    const argv = listed(given)
    const found = commandsOf(argv === undefined ? bare(given) : given, argv, place, { line, kind: 'platform', name })
    commands.push(...(found.commands ?? []))
    env.push(...(found.env ?? []))
  }
  const sets = (name: string, given: string, line: number): void => {
    env.push({ ...place, name, value: bare(given), line, kind: 'platform' })
  }
  for (const [index, written] of lines.entries()) {
    if (written.length > 2_000) continue
    const opened = SECTION.exec(written)
    if (opened !== null) section = opened[1] ?? opened[2] ?? ''
    // Another part of a YAML file begins.
    else if (/^[A-Za-z_]+:/.test(written)) section = ''
    const [, name = '', given = ''] = ENTRY.exec(written) ?? []
    if (name === '') continue
    const isBlock = /^[|>][-+]?$/.test(given)
    if (START.test(name)) starts(name, isBlock ? (lines[index + 1] ?? '').trim() : given, index + (isBlock ? 2 : 1))
    else if (PROCESSES.test(section)) starts(name, given, index + 1)
    else if (VARIABLES.test(section)) sets(name, given, index + 1)
    // render.yaml: `- key: NODE_ENV`, and `value: production` below it.
    else if (name === 'value' && key !== undefined) sets(key, given, index + 1)
    if (name === 'key') key = bare(given)
  }
  return { commands, env }
}

/** `{ "deploy": { "startCommand": "node server.js" } }` */
export const platformJson = (text: string, place: Place): Found => {
  const commands = [...text.matchAll(/"startCommand"\s{0,20}:\s{0,20}("(?:[^"\\]|\\.){1,2000}")/g)].flatMap((match) => {
    const line = text.slice(0, match.index).split('\n').length
    const [command = ''] = listed(`[${match[1]}]`) ?? []
    return commandsOf(command, undefined, place, { line, kind: 'platform' }).commands ?? []
  })
  return { commands }
}

/** `["node", "server.js"]` */
const listed = (given: string): readonly string[] | undefined => {
  if (!given.startsWith('[')) return
  try {
    const read: unknown = JSON.parse(given)
    return Array.isArray(read) && read.every((one) => typeof one === 'string') ? read : undefined
  } catch {
    return
  }
}

const bare = (given: string): string =>
  /^"([^"]*)"|^'([^']*)'/
    .exec(given)
    ?.slice(1)
    .find((one) => one !== undefined) ?? given
