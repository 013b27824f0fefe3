import type { Observation } from '../../items/index.ts'
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

const RELOADS = /\bnodemon\b|--watch\b|\bts-node-dev\b|\bfastapi dev\b|\bflask\b.*\s--debug\b/

export const unsafeDeployment = ({ backend, settings }: SourceFacts): Observation[] => {
  const started = settings.commands.filter(
    (one) => !one.development && one.role === 'program' && one.kind !== 'script' && one.kind !== 'workflow',
  )
  const found: Observation[] = []
  for (const { argv, text, file, line, kind } of started) {
    const where = [{ kind: 'source' as const, file, line, text }]
    const starter = STARTER[kind] ?? 'The image'
    if (argv.includes('--reload') || RELOADS.test(text) || RELOADS.test(argv.join(' ')))
      found.push(fail('unsafe-deployment', `${starter} runs the reloading server.`, where))
    if (/--forwarded-allow-ips[= ]['"]?\*/.test(text) || /--forwarded-allow-ips[= ]\*/.test(argv.join(' ')))
      found.push(fail('unsafe-deployment', `${starter} trusts any proxy.`, where))
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
      note(settings.commands.some(isStartScript) ? `${commands} read; npm scripts are not` : `${commands} read`),
    ]),
  ]
}

/** Of reloading and proxies only what a start command says was read: where there is none, nothing was. */
const saidOf = (started: number): string =>
  started === 0
    ? 'No start command was found, so none was judged; no .env is in git.'
    : `The start command${started === 1 ? ' neither reloads nor trusts' : 's neither reload nor trust'} any proxy; no .env is in git.`

const isStartScript = ({ kind, name }: Command): boolean => kind === 'script' && name === 'start'
