import { SettingsError } from 'portcullis'
import { authenticated } from 'portcullis/access'
import type { Access } from './access.ts'
import type { Operation } from './document/operations.ts'
import { SPELLED_ALIKE, twins } from './document/twins.ts'

/**
 * Of two paths that the upstream may take for one, the looser rule or limit would be that of both.
 *
 * @throws SettingsError that names each pair whose settings differ
 */
export const assertOneRule = (operations: readonly Operation[], access: Access): void => {
  const paths = [
    ...operations.map(({ method, template: { text: path } }) => ({ method, path })),
    ...access.webSockets.map((path) => ({ method: 'GET', path })),
  ]
  const decided = paths.map(({ method, path }) => {
    const name = `${method} ${path}`
    const rule = access.rules.get(name) ?? authenticated
    return { method, path, rule: JSON.stringify([rule.label, access.limits.get(name)]) }
  })
  const faults = twins(decided)
    .filter(([one, other]) => one.rule !== other.rule)
    .map(
      ([one, { method, path }]) => `${method} ${path} and ${one.path} ${SPELLED_ALIKE}: give both one rule and limit`,
    )
  if (faults.length > 0) throw new SettingsError(faults)
}
