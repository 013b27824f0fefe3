import type { GlobalGuard, Route } from '../../evidence/backend/index.ts'
import type { Observation } from '../../items/index.ts'
import type { SourceFacts } from './facts.ts'
import { noRoutes } from './no-routes.ts'
import { isPublicByNature } from './public-routes.ts'
import { isWrite } from './routes.ts'
import { at, count, fail, note, pass } from './say.ts'

export const defaultDeny = ({ backend }: SourceFacts): Observation[] => {
  const { routes, guards } = backend
  if (routes.length === 0) return [noRoutes('default-deny', backend)]
  const faults = guards.flatMap(faultsOf)
  if (faults.length > 0) return faults
  const covered = routes.filter((one) => one.guard === 'global')
  const allByName = guards.length > 0 && routes.every((one) => one.guard === 'exempt' && one.openedByName)
  if (covered.length === 0 && !allByName) return [nothingGlobal(routes)]
  // A route outside of the guard is not one that somebody marked: it is one that the guard does not know of.
  const outside = routes.filter(
    (one) => (/^(?:none|own|group)$/.test(one.guard) || one.beside === true) && !isPublicByNature(one),
  )
  if (outside.length > 0)
    return [
      fail(
        'default-deny',
        `${count(outside.length, 'route')} outside of the guard that covers the others.`,
        outside.slice(0, 5).map((one) => at(one.at)),
      ),
    ]
  const opened = routes.filter((one) => one.guard === 'exempt' && isWrite(one) && !isPublicByNature(one))
  if (opened.length > 0)
    return [
      fail(
        'default-deny',
        `${opened
          .map((one) => `${one.method} ${one.path}`)
          .slice(0, 3)
          .join(', ')} can be called by anybody: opened beside the guard.`,
        opened.slice(0, 5).map((one) => at(one.at)),
      ),
    ]
  const [guard] = guards
  const proof = guard?.at ?? covered[0]?.guardAt ?? covered[0]?.at
  return [
    pass(
      'default-deny',
      covered.length === 0
        ? `One guard closes whatever is not marked public; all there is so far is: ${count(routes.length, 'route')}.`
        : `One guard covers ${covered.length} of ${count(routes.length, 'route')}${others(routes)}.`,
      proof === undefined ? [note('one guard for all')] : [at(proof)],
    ),
  ]
}

const faultsOf = (guard: GlobalGuard): Observation[] => [
  ...guard.faults.map(({ what, at: place }) =>
    fail('default-deny', what.startsWith('it ') ? `The guard does not hold: ${what}.` : `The guard makes ${what}.`, [
      at(place),
      at(guard.at),
    ]),
  ),
  ...(guard.asksOnly === true
    ? [
        fail('default-deny', 'The guard asks for a credential and looks at nothing of it: any text will do.', [
          at(guard.at),
        ]),
      ]
    : []),
]

/** What stands before the guard in the order of an application is marked nowhere: it is named. */
const others = (routes: readonly Route[]): string => {
  const open = routes.filter((one) => one.guard !== 'global')
  const beside = open.filter((one) => one.openedByName !== true).map((one) => `${one.method} ${one.path}`)
  if (open.length === 0) return ''
  if (beside.length === 0) return '; the others are marked public'
  const marked = open.length - beside.length
  const more = beside.length > 3 ? ` and ${beside.length - 3} more` : ''
  return `${marked === 0 ? '' : `, ${marked} marked public`}; not behind it: ${beside.slice(0, 3).join(', ')}${more}`
}

const nothingGlobal = (routes: readonly Route[]): Observation => {
  const own = routes.filter((one) => one.guard === 'own' || one.guard === 'group')
  const open = routes.filter((one) => one.guard === 'none' && !isPublicByNature(one))
  if (own.length === 0)
    return fail(
      'default-deny',
      `No guard in front of ${count(routes.length, 'route')}.`,
      routes.slice(0, 5).map((one) => at(one.at)),
    )
  const examples = own.slice(0, 3).map((one) => at(one.guardAt ?? one.at))
  return open.length === 0
    ? fail(
        'default-deny',
        `Each of ${count(own.length, 'route')} asks for its guard itself: the next one that forgets is open.`,
        examples,
      )
    : fail('default-deny', `Guards are asked for route by route, and ${count(open.length, 'route')} asked for none.`, [
        ...open.slice(0, 5).map((one) => at(one.at)),
        ...examples,
      ])
}
