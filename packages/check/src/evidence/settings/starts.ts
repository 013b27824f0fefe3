/** Start commands outside of containers: Procfile, npm scripts, systemd units, shell scripts. */
import { type Found, isForDevelopment, type Place } from './facts.ts'
import { commandsOf, runs, startsServer } from './shell.ts'

const together = (found: readonly Found[]): Found => ({
  commands: found.flatMap((one) => one.commands ?? []),
  env: found.flatMap((one) => one.env ?? []),
})

export const procfile = (text: string, place: Place): Found =>
  together(
    text.split(/\r?\n/).flatMap((line, index) => {
      const match = /^([\w-]{1,50})\s*:\s*(\S.*)$/.exec(line)
      if (match === null) return []
      const [, name = '', command = ''] = match
      return [commandsOf(command, undefined, place, { line: index + 1, kind: 'procfile', name })]
    }),
  )

const STARTING = /^(?:start|serve|server|dev|develop|debug|watch|prod|production|preview|run)(?:$|[:.-])/i
const WHILE_DEVELOPING =
  /^(?:dev|develop|debug|watch)|[:.-](?:dev|develop|development|debug|watch|local|tests?|e2e|hmr|swc)(?:$|[:.-])/i

export const npmScripts = (text: string, place: Place): Found => {
  try {
    const scripts = Object.entries(Object((JSON.parse(text) as { scripts?: unknown } | null)?.scripts))
    const lines = text.split('\n')
    const after = lines.findIndex((line) => /"scripts"\s{0,5}:/.test(line))
    return together(
      scripts.flatMap(([name, command]) => {
        if (typeof command !== 'string' || !STARTING.test(name)) return []
        const line = lines.findIndex((one, index) => index >= after && one.includes(`${JSON.stringify(name)}:`)) + 1
        const development = WHILE_DEVELOPING.test(name)
        return [commandsOf(command, undefined, place, { line: Math.max(1, line), kind: 'script', name, development })]
      }),
    )
  } catch {
    return { note: 'no JSON' }
  }
}

export const systemdUnit = (text: string, place: Place): Found =>
  together(
    text.split(/\r?\n/).map((line, index): Found => {
      const [, key, value = ''] = /^(ExecStart|Environment)\s*=\s*[-@+!:]*(.*)$/.exec(line) ?? []
      if (key === undefined) return {}
      const found = commandsOf(value, undefined, place, { line: index + 1, kind: 'service' })
      return key === 'Environment' ? { env: found.env ?? [] } : found
    }),
  )

/** Only the lines that start a server; a script does much else. */
export const shellScript = (text: string, place: Place): Found => {
  const found: Found[] = []
  const lines = text.split(/\r?\n/)
  for (let index = 0; index < lines.length; index += 1) {
    const line = index + 1
    let whole = lines[index] ?? ''
    while (whole.endsWith('\\') && index + 1 < lines.length && whole.length < 10_000)
      whole = `${whole.slice(0, -1)} ${(lines[++index] ?? '').trim()}`
    if (!runs(whole).argvs.some(startsServer)) continue
    const development = isForDevelopment(place.file) || /reload/.test(place.file)
    found.push(commandsOf(whole, undefined, place, { line, kind: 'script', development }))
  }
  return together(found)
}
