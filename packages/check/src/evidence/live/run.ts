import { guessedLogin, identityOf, passwordOf } from './credentials.ts'
import type { Draft } from './draft.ts'
import type { Exchange } from './exchange.ts'
import { wasAnswered } from './exchange.ts'
import type { LiveFacts, Stand } from './facts.ts'
import { answeredInFront, inWords } from './in-front.ts'
import type { LivePlan } from './plan.ts'
import { askBadly, askMarked } from './probes/bad-input.ts'
import { askAsMember, askFromOrigins } from './probes/cors.ts'
import { askWithFaults, bodiesOf } from './probes/inputs.ts'
import { askUntilLimited } from './probes/limit.ts'
import { askTwoAccounts, findLogin, loginQuestion } from './probes/login.ts'
import { askForRole } from './probes/registration.ts'
import { askPages, askWithoutToken } from './probes/routes.ts'
import { askAfterLogout, askWithForgeries, openSession } from './probes/session.ts'
import { openWire } from './wire.ts'

const DEFAULT_TIMEOUT_MS = 3_000
const RUN_MS = 18_000

export interface RunOptions {
  readonly onProgress?: (title: string) => void
}

/** Sends what was planned, and keeps what was answered. Never throws for what a server does or leaves undone. */
export const runLive = async ({ draft }: LivePlan, { onProgress = () => {} }: RunOptions = {}): Promise<LiveFacts> => {
  const { options, target, document, documentTooLong } = draft
  const wire = openWire(target, options.timeoutMs ?? DEFAULT_TIMEOUT_MS, RUN_MS)
  onProgress('a path that nobody has')
  const stray = await wire.ask({ path: draft.stray })
  const facts: LiveFacts = {
    base: `${target.origin}${target.prefix}`,
    loopback: target.loopback,
    https: target.https,
    allowWrites: options.allowWrites,
    loginGiven: draft.login !== undefined,
    stands: standsOf(draft),
    ...(document === undefined ? {} : { document }),
    ...(documentTooLong === undefined ? {} : { documentTooLong }),
    stray,
    opened: [],
    cors: [],
    docs: [],
    hidden: [],
    errors: [],
    echoes: [],
    forgeries: [],
  }
  if (stray.silence === 'ECONNREFUSED')
    return { ...facts, cut: `nothing listens at ${target.origin}: start the backend, or check the port` }
  if (!wasAnswered(stray)) return { ...facts, cut: cutBy(stray.silence) }
  const moved = movedTo(stray, target)
  const elsewhere =
    moved === undefined ? answeredInFront(stray) : `everything is redirected to ${moved}: give that as --url`
  if (elsewhere !== undefined) return { ...facts, stray: { ...stray, status: 0, silence: 'elsewhere' }, cut: elsewhere }
  onProgress('documented routes without a token')
  const opened = await askWithoutToken(wire, draft)
  onProgress('cross-origin requests')
  const cors = await askFromOrigins(wire, draft)
  onProgress('documentation pages')
  const docs = await askPages(wire, draft.docs, true)
  const hidden = draft.hidden.length === 0 ? [] : await askPages(wire, draft.hidden, false)
  const rest = await askAsSomebody(wire, draft, onProgress)
  const gone = wire.isOver() ? (await wire.ask({ path: draft.stray })).silence : undefined
  return {
    ...facts,
    opened,
    docs,
    hidden,
    ...rest,
    cors: [...cors, ...rest.cors],
    stands: [...facts.stands, ...rest.stands],
    ...(gone === undefined ? {} : { cut: cutBy(gone) }),
  }
}

/** `http` to `https`, a name to the one with `www`: the same path at another address, and nothing of the backend was asked. */
const movedTo = ({ status, path, answered }: Exchange, { origin }: Draft['target']): string | undefined => {
  const location = status >= 300 && status < 400 ? answered['location'] : undefined
  const url = location === undefined ? null : URL.parse(location, `${origin}${path}`)
  const isSame = url === null || url.origin === origin || `${url.pathname}${url.search}` !== path
  return isSame || !/^https?:$/.test(url.protocol) ? undefined : url.origin
}

type Somebody = Pick<
  LiveFacts,
  | 'loginRoute'
  | 'loginRefused'
  | 'enumeration'
  | 'session'
  | 'cors'
  | 'forgeries'
  | 'errors'
  | 'echoes'
  | 'logout'
  | 'strayAgain'
  | 'registration'
  | 'limit'
  | 'bodies'
  | 'stands'
>

/** Everything around the login, with the limit last: after it nobody gets in. */
const askAsSomebody = async (
  wire: ReturnType<typeof openWire>,
  draft: Draft,
  onProgress: (title: string) => void,
): Promise<Somebody> => {
  onProgress('the login')
  const strayPost = await wire.ask(loginQuestion({ path: draft.stray, form: false }, guessedLogin(undefined)))
  const { route, login, refused } = await findLogin(wire, draft, strayPost)
  const open = login && (await openSession(wire, draft, login))
  const cors = open ? await askAsMember(wire, open) : []
  const forged = open ? await askWithForgeries(wire, open) : { forgeries: [], stands: [] }
  const known = route !== undefined && draft.login !== undefined && identityOf(route.body) !== undefined
  const enumeration = known ? await askTwoAccounts(wire, route) : undefined
  onProgress('bad input')
  const headers = open?.session.token && open.headersFor(open.session.token.value)
  const errors = await askBadly(wire, draft, route, headers)
  const echoes = route === undefined ? [] : await askMarked(wire, draft, route)
  const bodies = draft.options.allowWrites ? await askWithFaults(wire, bodiesOf(draft), headers) : undefined
  onProgress('the end of a session')
  const logout = open && (await askAfterLogout(wire, draft, open))
  const asked = draft.options.allowWrites
    ? await askForRole(wire, draft, route, open?.session, strayPost)
    : { stands: [] }
  // Whether what was answered since came from the backend, or from something that began to refuse whoever asks so much.
  const strayAgain = await wire.ask({ path: draft.stray })
  onProgress('the limit of the login')
  const limit = route && (await askUntilLimited(wire, route))
  const token = open?.session.token
  return {
    cors,
    forgeries: forged.forgeries,
    errors,
    echoes,
    strayAgain,
    ...(route === undefined ? {} : { loginRoute: { path: route.path, form: route.form } }),
    ...(refused === undefined ? {} : { loginRefused: refused }),
    ...(enumeration === undefined ? {} : { enumeration }),
    ...(open === undefined ? {} : { session: open.session }),
    ...(logout === undefined ? {} : { logout }),
    ...('registration' in asked && asked.registration !== undefined ? { registration: asked.registration } : {}),
    ...(limit === undefined ? {} : { limit }),
    ...(bodies === undefined ? {} : { bodies }),
    stands: [
      ...forged.stands,
      ...(token === undefined ? [] : [{ value: token.value, shell: '$TOKEN' }]),
      ...(login === undefined ? [] : othersOf(login, token?.value)),
      ...asked.stands,
    ],
  }
}

/** The password that was given must be in no report. */
const standsOf = ({ login }: Draft): readonly Stand[] => {
  const password = login && passwordOf(login)
  return password === undefined || password === '' ? [] : [{ value: password, shell: '$PASSWORD' }]
}

/** Refresh tokens and cookies of the login: secrets too. */
const othersOf = ({ text, cookies }: Exchange, token: string | undefined): readonly Stand[] => {
  const refresh = [...text.matchAll(/"[\w-]*token[\w-]*"\s*:\s*"([^"]{8,})"/gi)].map(([, value = '']) => value)
  const kept = cookies.map((cookie) => /^[^=;]+=([^;]*)/.exec(cookie)?.[1] ?? '')
  return [
    ...refresh.map((value) => ({ value, shell: '$REFRESH_TOKEN' })),
    ...kept.map((value) => ({ value, shell: '$COOKIE' })),
  ].filter(({ value }) => value.length >= 8 && value !== token)
}

const cutBy = (silence = 'no answer'): string =>
  silence.startsWith('not sent: ') ? silence.slice('not sent: '.length) : inWords(silence)
