import type { Observation } from '../../items/index.ts'
import type { SourceFacts } from './facts.ts'
import { fail, notApplicable, note, notProven, pass, warn } from './say.ts'

export const vulnerableDependencies = ({ audit }: SourceFacts): Observation[] => {
  if (audit === undefined)
    return [notApplicable('vulnerable-dependencies', "There is no lock file of npm's.", [note('no package-lock.json')])]
  if (!audit.reachable)
    return [
      notProven('vulnerable-dependencies', `npm audit could not be asked: ${audit.why ?? 'no answer'}.`, [
        note('npm audit --package-lock-only'),
      ]),
    ]
  if (audit.advisories.length === 0)
    return [pass('vulnerable-dependencies', 'npm audit knows of none.', [note('npm audit --package-lock-only')])]
  return audit.advisories.map((one) => {
    const say = /critical|high/.test(one.severity) ? fail : warn
    return say('vulnerable-dependencies', `${one.name}: ${one.title}.`, [note(`${one.name} ${one.range}: ${one.url}`)])
  })
}
