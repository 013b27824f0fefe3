import type { Part } from './pointers.ts'
import { isPart } from './pointers.ts'

/**
 * What is said when the document has its paths below a base path (OpenAPI 3.1 §4.8.5), and the upstream is asked for them elsewhere: it
 * would answer 404 to each. Not refused: FastAPI writes its `root_path` there, which the proxy before it takes off.
 */
export const beyondBasePath = (document: Part, upstream: URL): readonly string[] => {
  const asked = withoutSlash(upstream.pathname)
  const said = serversOf(document).flatMap((url) => pathOf(url, upstream) ?? [])
  const [first] = said
  if (first === undefined || said.includes(asked)) return []
  const meant = `${upstream.origin}${first}`
  return [
    `servers of the document has its paths under ${first || '/'}, and --upstream under ${asked || '/'}: if the backend has them there too, write --upstream ${meant}`,
  ]
}

const serversOf = ({ servers }: Part): readonly string[] =>
  (Array.isArray(servers) ? servers : []).flatMap((one) =>
    isPart(one) && typeof one['url'] === 'string' ? one['url'] : [],
  )

/** Undefined where a variable decides it, or nothing that is an address stands there. */
const pathOf = (url: string, upstream: URL): string | undefined => {
  const parsed = url.includes('{') ? null : URL.parse(url, upstream.origin)
  return parsed === null ? undefined : withoutSlash(parsed.pathname)
}

const withoutSlash = (path: string): string => path.replace(/\/+$/, '')
