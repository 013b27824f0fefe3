import { scriptsRunBy } from '../../evidence/settings/index.ts'
import type { Evidence, Observation } from '../../items/index.ts'
import type { SourceFacts } from './facts.ts'
import { count, fail, notApplicable, note, pass } from './say.ts'

type Command = SourceFacts['settings']['commands'][number]

const STARTER: Partial<Record<Command['kind'], string>> = {
  compose: 'The compose file',
  procfile: 'The Procfile',
  service: 'The service',
  kubernetes: 'The manifest',
  platform: 'The platform',
}

/** A script with several servers starts one of them, and which is not known. */
const scriptOf = ({ file, name = '' }: Command): string => `${file} ${name}`

const placesOf = (commands: readonly Command[]): readonly Evidence[] =>
  [...new Set(commands)].map(({ file, line, text }) => ({ kind: 'source', file, line, text }))

const RELOADS = /\bnodemon\b|--watch\b|\bts-node-dev\b|\bfastapi dev\b|\bflask\b.*\s--debug\b/

const FAULTS: readonly { readonly does: string; isFault(command: Command): boolean }[] = [
  {
    does: 'runs the reloading server',
    isFault: ({ argv, text }) => argv.includes('--reload') || RELOADS.test(text) || RELOADS.test(argv.join(' ')),
  },
  {
    does: 'trusts any proxy',
    isFault: ({ argv, text }) =>
      /--forwarded-allow-ips[= ]['"]?\*/.test(text) || /--forwarded-allow-ips[= ]\*/.test(argv.join(' ')),
  },
]

export const unsafeDeployment = ({ backend, settings }: SourceFacts): Observation[] => {
  const started = settings.commands.filter(
    (one) => !one.development && one.role === 'program' && one.kind !== 'script' && one.kind !== 'workflow',
  )
  const found: Observation[] = []
  const read = new Set<Command>(started)
  for (const command of started) {
    const starter = STARTER[command.kind] ?? 'The image'
    const scripts = scriptsRunBy(command, settings.commands)
    for (const one of scripts) read.add(one)
    const run = [[command], ...Map.groupBy(scripts, scriptOf).values()]
    for (const { isFault, does } of FAULTS)
      for (const one of run.filter((lines) => lines.every(isFault)))
        found.push(fail('unsafe-deployment', `${starter} ${does}.`, placesOf([command, ...one])))
  }
  for (const { file, line } of settings.trackedEnv.map((one) =>
    typeof one === 'string' ? { file: one, line: 1 } : one,
  ))
    found.push(fail('unsafe-deployment', `${file} is in git.`, [{ kind: 'source', file, line, text: file }]))
  if (found.length > 0) return found
  const commands = count(started.length, 'start command')
  if (started.length === 0 && backend.files === 0)
    return [
      notApplicable('unsafe-deployment', 'No backend was found.', [
        note(`${commands} and ${count(backend.files, 'file')} read`),
      ]),
    ]
  return [
    pass('unsafe-deployment', saidOf(started.length), [
      // Whoever has a start script would look for it among the commands.
      note(
        settings.commands.some((one) => isStartScript(one) && !read.has(one))
          ? `${commands} read; npm scripts are not`
          : `${commands} read`,
      ),
    ]),
  ]
}

/** Of reloading and proxies only what a start command says was read: where there is none, nothing was. */
const saidOf = (started: number): string =>
  started === 0
    ? 'No start command was found, so none was judged; no .env is in git.'
    : `The start command${started === 1 ? ' neither reloads nor trusts' : 's neither reload nor trust'} any proxy; no .env is in git.`

const isStartScript = ({ kind, name }: Command): boolean => kind === 'script' && name === 'start'
