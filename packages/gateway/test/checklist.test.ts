import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { generateSecret } from 'portcullis/sessions'
import { folder, production, startBackend } from '../../backend/test/backend.ts'
import { AS_SHIPPED, checked, ORIGIN, type Outcomes, ownPaths, TEN } from './checked.ts'
import { startGateway } from './rig.ts'
import { noPython, startArticle } from './upstreams/article/start.ts'
import { recordingUpstream } from './upstreams/recording.ts'
import { templateDocument, templateSettings } from './upstreams/template.ts'

type Document = { readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>> }

const ALL_PASS = Object.fromEntries(TEN.map((id) => [id, 'pass']))
const account = { email: 'checked@example.com', password: 'a phrase that nobody else has' }

/** The document as the gateway serves it: without what is hidden, and with its own routes. */
const served = (document: Document, hidden: readonly string[]): object => {
  const paths = Object.entries(document.paths).map(([path, item]) => [
    path,
    Object.fromEntries(Object.entries(item).filter(([method]) => !hidden.includes(`${method.toUpperCase()} ${path}`))),
  ])
  return { ...document, paths: { ...Object.fromEntries(paths), ...ownPaths() } }
}

const register = async (address: string): Promise<void> => {
  const answer = await fetch(`${address}/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...account, username: 'checked' }),
  })
  assert.equal(answer.status, 201)
}

/** The same upstream behind a gateway as it is shipped, and an account there. */
const behind = async (upstream: string, document: Document, settings: { readonly hide: readonly string[] }) => {
  const { address } = await startGateway({ after } as never, { upstream, document, settings, env: AS_SHIPPED })
  await register(address)
  return checked(address, { document: served(document, settings.hide), login: account, settings })
}

/** Of the items beyond the ten: whatever is neither passed nor of no concern here. */
const failing = (others: Outcomes): readonly string[] =>
  Object.entries(others)
    .filter(([, outcome]) => outcome !== 'pass' && outcome !== 'not-applicable')
    .map(([id, outcome]) => `${id}: ${outcome}`)

const differing = (before: Outcomes): Outcomes =>
  Object.fromEntries(Object.entries(before).filter(([, outcome]) => outcome !== 'pass'))

test("the article's backend: before and after", { skip: noPython() }, async () => {
  const upstream = await startArticle({ after })
  const document = (await (await fetch(`${upstream}/openapi.json`)).json()) as Document
  const before = await checked(upstream, { document, login: { username: 'ada', password: 'correct horse' } })
  assert.deepEqual(differing(before.ten), {
    'auth-rate-limit': 'fail',
    'default-deny': 'warn',
    'docs-exposed': 'fail',
    'forwarded-for': 'not-proven',
    'jwt-expiry': 'fail',
    'jwt-payload': 'fail',
    validators: 'fail',
  })
  const settings = { access: { 'GET /health': 'public' }, hide: ['POST /login'] }
  const { ten, others, amiss } = await behind(upstream, document, settings)
  assert.deepEqual(ten, ALL_PASS, amiss)
  assert.deepEqual(failing(others), [], amiss)
})

test("full-stack-fastapi-template's routes, on a stub that lets everything pass: before and after", async () => {
  const { origin } = await recordingUpstream({ after })
  const document = templateDocument as Document
  const before = await checked(origin, { document, login: { username: 'ada@example.com', password: 'correct horse' } })
  assert.deepEqual(differing(before.ten), {
    'auth-rate-limit': 'fail',
    'default-deny': 'not-proven',
    'forwarded-for': 'not-proven',
    'jwt-expiry': 'not-proven',
    'jwt-payload': 'not-proven',
    debug: 'not-proven',
    validators: 'fail',
  })
  const { ten, others, amiss } = await behind(origin, document, templateSettings)
  assert.deepEqual(ten, ALL_PASS, amiss)
  assert.deepEqual(failing(others), [], amiss)
})

test('the ready backend: before, and behind a gateway that takes its tokens', async (t) => {
  const tokens = { JWT_SECRET: generateSecret('EdDSA'), JWT_ISSUER: 'https://id.example.com', JWT_AUDIENCE: 'notes' }
  const start = async (env: Readonly<Record<string, string>>, args: readonly string[] = []): Promise<string> => {
    const running = await startBackend(production(folder(t), { ...tokens, CORS_ORIGINS: ORIGIN, ...env }), args)
    t.after(() => running.stop('SIGKILL'))
    return running.address
  }
  // Its document is served in development alone.
  const document = (await (await fetch(`${await start({}, ['--development'])}/openapi.json`)).json()) as Document
  const alone = await start({})
  await register(alone)
  const before = await checked(alone, { document, login: account })
  assert.deepEqual(before.ten, ALL_PASS, before.amiss)

  const upstream = await start({ TRUSTED_PROXIES: '127.0.0.1' })
  const open = ['GET /health', 'GET /ready', 'POST /auth/register', 'POST /auth/login', 'POST /auth/refresh']
  const settings = {
    access: Object.fromEntries(open.map((name) => [name, 'public'])),
    limits: { 'POST /auth/login': 'credentials', 'POST /auth/register': 'credentials' },
  }
  const env = {
    ...AS_SHIPPED,
    ISSUER: tokens.JWT_ISSUER,
    AUDIENCE: tokens.JWT_AUDIENCE,
    JWKS_URL: `${upstream}/.well-known/jwks.json`,
    PASS_AUTHORIZATION: 'yes',
    JWT_SECRET: '',
  }
  const { address } = await startGateway(t, { upstream, document, settings, env })
  await register(address)
  const { ten, others, amiss } = await checked(address, { document, login: account, settings })
  assert.deepEqual(ten, ALL_PASS, amiss)
  assert.deepEqual(failing(others), [], amiss)
})
