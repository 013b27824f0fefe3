import type { Operation } from '../document.ts'
import type { Draft } from '../draft.ts'
import type { Exchange } from '../exchange.ts'
import { isSuccess } from '../exchange.ts'
import type { LiveFacts } from '../facts.ts'
import type { Wire } from '../wire.ts'

/** Values that fit a parameter's type and belong to nobody, or to whoever came first. */
const VALUES: Readonly<Record<string, string>> = {
  integer: '1',
  number: '1',
  boolean: 'true',
  uuid: '00000000-0000-4000-8000-000000000001',
  email: 'nobody@example.com',
}
const NOBODY = '2147483000'

/** A path with its parameters filled in. What may delete or change gets an id that nobody has. */
export const filled = ({ method, path, parameters }: Operation): string =>
  path.replace(/\{([^}]*)\}/g, (_, name: string) => {
    const type = parameters[name] ?? 'string'
    if (type === 'integer' || type === 'number') return method === 'GET' ? '1' : NOBODY
    return VALUES[type] ?? '1'
  })

const MAY_HAVE_BODY = ['POST', 'PUT', 'PATCH']

/** Every documented route, asked without a token. */
export const askWithoutToken = async (wire: Wire, draft: Draft): Promise<LiveFacts['opened']> => {
  const from = wire.freshAddress()
  const opened: { operation: Operation; exchange: Exchange }[] = []
  for (const operation of draft.opened) {
    const body = MAY_HAVE_BODY.includes(operation.method)
      ? { headers: { 'content-type': 'application/json' }, body: '{}' }
      : {}
    opened.push({
      operation,
      exchange: await wire.ask({ method: operation.method, path: filled(operation), from, ...body }),
    })
  }
  return opened
}

/** Each path once; a redirect inside the server (/docs to /docs/) is followed for one step, by a request of its own. */
export const askPages = async (wire: Wire, paths: readonly string[], follow: boolean): Promise<readonly Exchange[]> => {
  const from = wire.freshAddress()
  const pages: Exchange[] = []
  for (const path of paths) {
    const headers = { accept: 'text/html,application/json' }
    const page = await wire.ask({ path, headers, from })
    pages.push(page)
    const next = follow ? nextOf(page, wire) : undefined
    if (next !== undefined && !paths.includes(next)) pages.push(await wire.ask({ path: next, headers, from }))
  }
  return pages.filter((page, at) => pages.findIndex(({ path }) => path === page.path) === at)
}

const nextOf = (page: Exchange, { target }: Wire): string | undefined => {
  const location = page.answered['location']
  if (isSuccess(page) || page.status < 300 || page.status >= 400 || location === undefined) return undefined
  const url = URL.parse(location, `${target.origin}${page.path}`)
  if (url === null || url.origin !== target.origin || !url.pathname.startsWith(target.prefix)) return undefined
  return url.pathname.slice(target.prefix.length) + url.search
}
