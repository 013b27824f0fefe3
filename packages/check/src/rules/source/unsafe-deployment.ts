import type { Observation } from '../../items/index.ts'
import type { SourceFacts } from './facts.ts'
import { count, fail, notApplicable, note, pass } from './say.ts'

export const unsafeDeployment = ({ backend, settings }: SourceFacts): Observation[] => {
  const started = settings.commands.filter(
    (one) => !one.development && one.role === 'program' && one.kind !== 'script' && one.kind !== 'workflow',
  )
  const found: Observation[] = []
  for (const { argv, text, file, line } of started) {
    const where = [{ kind: 'source' as const, file, line, text }]
    if (argv.includes('--reload') || /\bnodemon\b|--watch\b/.test(text))
      found.push(fail('unsafe-deployment', 'The image runs the reloading server.', where))
    if (/--forwarded-allow-ips[= ]['"]?\*/.test(text))
      found.push(fail('unsafe-deployment', 'The image trusts any proxy.', where))
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
    pass('unsafe-deployment', 'No reloading server, no trust of any proxy, no tracked .env.', [
      // Whoever has a start script would look for it among the commands.
      note(settings.commands.some(isStartScript) ? `${commands} read; npm scripts are not` : `${commands} read`),
    ]),
  ]
}

const isStartScript = ({ kind, name }: SourceFacts['settings']['commands'][number]): boolean =>
  kind === 'script' && name === 'start'
