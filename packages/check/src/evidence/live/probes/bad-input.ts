import { randomBytes } from 'node:crypto'
import { identityOf, unknownLike, withValues } from '../credentials.ts'
import type { Draft } from '../draft.ts'
import type { Echo, Named } from '../facts.ts'
import type { Question, Wire } from '../wire.ts'
import { type LoginRoute, loginQuestion, stranger } from './login.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
/** Below the 16 KiB that Node allows for all headers. */
const LONG_TOKEN = 8_000
const MOST_PARAMETERS = 2

/** What nobody should send and everybody can. */
export const askBadly = async (
  wire: Wire,
  draft: Draft,
  route: LoginRoute | undefined,
  token: Readonly<Record<string, string>> | undefined,
): Promise<readonly Named[]> => {
  const from = wire.freshAddress()
  const read = draft.reads[0] ?? draft.stray
  const bearer = (value: string): Question => ({ path: read, headers: { authorization: `Bearer ${value}` } })
  const toLogin: readonly (readonly [string, Question])[] =
    route === undefined
      ? []
      : [
          ['a body that breaks off', { ...loginQuestion(route, {}), headers: JSON_TYPE, body: '{"email":' }],
          [
            'a body of another type',
            { ...loginQuestion(route, {}), headers: { 'content-type': 'application/xml' }, body: '<a/>' },
          ],
          [
            'values of other types',
            {
              ...loginQuestion(
                { ...route, form: false },
                withValues(stranger(route.body), { identity: { a: 1 }, password: [1] }),
              ),
            },
          ],
        ]
  const questions: readonly (readonly [string, Question])[] = [
    ...toLogin,
    ['a body that breaks off', { method: 'POST', path: draft.stray, headers: JSON_TYPE, body: '{"a":' }],
    ['a bad token', bearer('x.y.z')],
    ['a very long token', bearer('a'.repeat(LONG_TOKEN))],
    ['a zero byte in the path', { path: `${draft.stray}%00` }],
    ['a path that is no UTF-8', { path: '/%E0%A4%A' }],
    ...badParameters(draft).map(
      (path) => ['a parameter of another type', { path, ...(token && { headers: token }) }] as const,
    ),
  ]
  const answers: Named[] = []
  for (const [what, question] of questions) answers.push({ what, exchange: await wire.ask({ ...question, from }) })
  return answers
}

const badParameters = ({ document }: Draft): readonly string[] =>
  (document?.operations ?? [])
    .filter(({ method, path }) => method === 'GET' && path.includes('{'))
    .slice(0, MOST_PARAMETERS)
    .map(({ path }) => path.replace(/\{[^}]*\}/g, "x'%22%7B"))

/** Passwords that are refused for their shape, each with a mark to look for in the answer. */
export const askMarked = async (wire: Wire, draft: Draft, route: LoginRoute): Promise<readonly Echo[]> => {
  const from = wire.freshAddress()
  const nobody = { identity: unknownLike(identityOf(route.body)) }
  const json = { ...route, form: false }
  const mark = (): string => `mk${randomBytes(5).toString('hex')}`
  const short = `m${randomBytes(2).toString('hex')}z`
  const [list, long, registered] = [mark(), mark(), mark()]
  const shapes: readonly (readonly [string, string, Question])[] = [
    ['a password that is a list', list, loginQuestion(json, withValues(route.body, { identity: 1, password: [list] }))],
    [
      'a password of 5,000 characters',
      long,
      loginQuestion(route, withValues(route.body, { ...nobody, password: long + 'x'.repeat(5_000) })),
    ],
    [
      'a password of six characters',
      short,
      loginQuestion(route, withValues(route.body, { ...nobody, password: short })),
    ],
    ...(draft.options.allowWrites ? draft.registers.slice(0, 1) : []).map(
      ({ path }) =>
        [
          'a password that is a list',
          registered,
          loginQuestion({ path, form: false }, withValues(route.body, { identity: 1, password: [registered] })),
        ] as const,
    ),
  ]
  const echoes: Echo[] = []
  for (const [what, marker, question] of shapes) {
    echoes.push({ what, marker, exchange: await wire.ask({ ...question, from }) })
  }
  return echoes
}
