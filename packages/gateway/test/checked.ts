import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../../..')

/** What the checklist says of each of its items; the ten alone, or all. */
export type Outcomes = Readonly<Record<string, string>>

interface Item {
  readonly id: string
  readonly outcome: string
  readonly summary?: string
  readonly evidence?: readonly object[]
}

/** Items of the ten, in their order. */
export const TEN = [
  ...['jwt-expiry', 'auth-rate-limit', 'validators', 'default-deny', 'cors', 'debug', 'hardcoded-secret'],
  ...['docs-exposed', 'jwt-payload', 'forwarded-for'],
]

/** The origin that pages may come from. */
export const ORIGIN = 'https://app.example.com'

/** Settings under which a gateway is checked: its own, and not those of tests that are not to be limited. */
export const AS_SHIPPED = {
  LIMIT_CLIENT: '200/minute',
  LIMIT_CREDENTIALS: '10/minute',
  LIMIT_REFRESH: '10/minute',
  LIMIT_ACCOUNT: '20/minute',
  TRUSTED_PROXIES: '',
  CORS_ORIGINS: ORIGIN,
}

/** The gateway's own routes that a check needs to know, as a document says them. */
export const ownPaths = (): Readonly<Record<string, object>> => {
  const login = { email: { type: 'string', format: 'email' }, password: { type: 'string' } }
  const body = (properties: object) => ({
    requestBody: {
      content: { 'application/json': { schema: { type: 'object', properties, required: Object.keys(properties) } } },
    },
  })
  return {
    '/auth/login': { post: { security: [], ...body(login) } },
    '/auth/register': { post: { security: [], ...body({ ...login, username: { type: 'string' } }) } },
    '/auth/logout': { post: {} },
  }
}

/**
 * Runs `portcullis check FOLDER --url` on a folder that holds what one needs to run a gateway and no source: what it says comes from what the
 * backend answers, `hardcoded-secret` aside.
 */
export const checked = async (
  url: string,
  { document, login, settings = {} }: { readonly document: object; readonly login: object; readonly settings?: object },
): Promise<{ readonly ten: Outcomes; readonly others: Outcomes; readonly amiss: string }> => {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-checked-'))
  const file = join(folder, 'openapi.json')
  writeFileSync(file, JSON.stringify(document))
  writeFileSync(join(folder, 'gateway.json'), JSON.stringify(settings))
  try {
    const options = ['--json', '--quiet', '--allow-writes', '--url', url, '--openapi', file, '--origin', ORIGIN]
    const command = [join(root, 'packages/portcullis/src/cli/main.ts'), 'check', folder, ...options]
    const report = await run([...command, '--login', JSON.stringify(login)])
    const { items } = JSON.parse(report) as { items: readonly Item[] }
    const outcomes = (wanted: (id: string) => boolean): Outcomes =>
      Object.fromEntries(items.filter(({ id }) => wanted(id)).map(({ id, outcome }) => [id, outcome]))
    return {
      ten: outcomes((id) => TEN.includes(id)),
      others: outcomes((id) => !TEN.includes(id)),
      amiss: amissIn(items),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What did not pass, with its ground: for whoever reads that a test failed. */
const amissIn = (items: readonly Item[]): string =>
  items
    .filter(({ outcome }) => outcome !== 'pass' && outcome !== 'not-applicable')
    .map(({ id, outcome, summary, evidence }) => `${id}: ${outcome}: ${summary} ${JSON.stringify(evidence)}`)
    .join('\n')

const run = (command: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--conditions=source', ...command], { stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let err = ''
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      out += piece
    })
    child.stderr.setEncoding('utf8').on('data', (piece: string) => {
      err += piece
    })
    child.once('error', reject)
    child.once('close', () => (err === '' ? resolve(out) : reject(new Error(err))))
  })
