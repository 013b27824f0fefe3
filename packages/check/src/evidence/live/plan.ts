import { randomBytes } from 'node:crypto'
import { loginPlaces, logoutPlaces, readPlaces, registerPlaces } from './auth-routes.ts'
import { readLogin } from './credentials.ts'
import type { ApiDocument, Operation } from './document.ts'
import type { Draft } from './draft.ts'
import { findDocument } from './find-document.ts'
import type { LiveOptions } from './options.ts'
import { bodiesOf } from './probes/inputs.ts'
import { FORGED_HEADERS } from './probes/limit.ts'
import { targetOf } from './target.ts'
import { DOCS_PAGES, DOCUMENT_PLACES, HIDDEN_PLACES } from './usual-places.ts'
import { MOST_CREDENTIAL_TRIES, openWire } from './wire.ts'

export interface LiveStep {
  readonly title: string
  /** `GET /docs`, one a line. */
  readonly requests: readonly string[]
}

/** What will be sent, in order; and what `runLive` needs to send it. */
export interface LivePlan {
  readonly steps: readonly LiveStep[]
  readonly draft: Draft
}

const DEFAULT_TIMEOUT_MS = 3_000
const PLAN_MS = 8_000
const MOST_OPENED = 40
const MOST_READS = 12

/** Checks what was asked and looks for the document, by reading alone; throws a `UsageError` before anything else is sent. */
export const planLive = async (options: LiveOptions): Promise<LivePlan> => {
  const login = options.login === undefined ? undefined : readLogin(options.login)
  const target = await targetOf(options.url, options.iOwnThisHost)
  const wire = openWire(target, options.timeoutMs ?? DEFAULT_TIMEOUT_MS, PLAN_MS)
  const { document, tooLong } = await findDocument(options, wire)
  const documents = document?.onServer ? [document.where] : []
  const listed = new Set(document?.operations.map(({ path }) => path))
  const draft: Draft = {
    options,
    target,
    ...(document === undefined ? {} : { document }),
    ...(tooLong === undefined ? {} : { documentTooLong: tooLong }),
    ...(login === undefined ? {} : { login }),
    stray: `/portcullis-${randomBytes(6).toString('hex')}`,
    opened: openedOf(document, options.allowWrites),
    logins: loginPlaces(document),
    logouts: logoutPlaces(document),
    registers: registerPlaces(document),
    reads: readPlaces(document).slice(0, MOST_READS),
    docs: [...new Set([...documents, ...DOCS_PAGES])],
    hidden: document === undefined ? [] : HIDDEN_PLACES.filter((path) => !listed.has(path)),
  }
  return { steps: stepsOf(draft), draft }
}

/** The routes to be asked without a token: readings, and the rest only where writing was allowed. Those declared secured first. */
const openedOf = (document: ApiDocument | undefined, allowWrites: boolean): readonly Operation[] => {
  const may = (document?.operations ?? []).filter(({ method }) => allowWrites || method === 'GET')
  const rank = ({ security, path }: Operation): number =>
    (security === 'secured' ? 0 : 2) + (path.includes('{') ? 1 : 0)
  return may
    .filter(({ security, path }) => security === 'secured' || !path.includes('{'))
    .filter(({ security, method }) => security === 'secured' || method === 'GET')
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, MOST_OPENED)
}

const stepsOf = (draft: Draft): readonly LiveStep[] => {
  const { document, login, options } = draft
  const get = (paths: readonly string[]): readonly string[] => paths.map((path) => `GET ${path}`)
  const route = document === undefined ? 'the first that answers of' : ''
  const logins = `POST ${[route, draft.logins.map(({ path }) => path).join(' ')].filter(Boolean).join(' ')}`
  const steps: readonly (LiveStep | false)[] = [
    {
      title: 'Look for the OpenAPI document (done, to make this plan)',
      requests:
        document === undefined
          ? get(options.openapi === undefined ? DOCUMENT_PLACES : [options.openapi])
          : [`found: ${document.where}`],
    },
    {
      title: 'A path that nobody has',
      requests: [`GET ${draft.stray}, and again before the bad logins`, `POST ${draft.stray}`],
    },
    draft.opened.length > 0 && {
      title: 'Documented routes, without a token',
      requests: draft.opened.map(({ method, path }) => `${method} ${path}`),
    },
    {
      title: 'Cross-origin requests',
      requests: ['GET and OPTIONS with Origin: unlisted, null, look-alikes, http for https'],
    },
    { title: 'Documentation pages', requests: get(draft.docs) },
    draft.hidden.length > 0 && { title: 'Routes that are not in the document', requests: get(draft.hidden) },
    {
      title:
        login === undefined
          ? 'Find the login, with an account that nobody has'
          : 'Log in; a wrong password; an unknown account',
      requests: [logins],
    },
    login !== undefined && {
      title: 'A reading with the token, and with six forged ones',
      requests: [`GET the first that needs a token of ${draft.reads.join(' ')}`, 'GET the same with Origin: unlisted'],
    },
    {
      title: 'Bad input: malformed and mistyped bodies, bad tokens, bad paths',
      requests: [
        'POST to the login, 3 bodies',
        `POST ${draft.stray}`,
        'GET with two bad tokens',
        'GET /%00',
        'GET /%E0%A4%A',
      ],
    },
    { title: 'A marked password of the wrong shape', requests: ['POST to the login, 3 bodies'] },
    options.allowWrites &&
      bodiesOf(draft).length > 0 && {
        title: 'Documented bodies: as described, with an unknown key, another type, a long text',
        requests: bodiesOf(draft).map(({ method, path }) => `${method} ${path}`),
      },
    login !== undefined && {
      title: 'Log out, and try the token again',
      requests: draft.logouts.map(({ method, path }) => `${method} ${path}`),
    },
    options.allowWrites && {
      title: 'Register an account with an extra role',
      requests: draft.registers.map(({ path }) => `POST ${path}`),
    },
    {
      title: `Bad logins until one is limited (30, up to 104; at most ${MOST_CREDENTIAL_TRIES} tries in all)`,
      requests: ['POST to the login'],
    },
    {
      title: 'While limited: the same with forged addresses',
      requests: FORGED_HEADERS.map(({ name }) => `POST to the login with ${name}`),
    },
  ]
  return steps.filter((step) => step !== false)
}
