/** Hono's paths: how they are joined, and which of them a middleware's pattern covers. */

/** `/api` and `/notes/` as `/api/notes/`; a `/` of a router is the prefix itself. */
export const joined = (prefix: string, path: string): string => {
  const left = prefix.replace(/\/+$/, '')
  const right = path.replace(/^\/+/, '')
  if (right === '') return left === '' ? '/' : left
  return `${left}/${right}`
}

/** OpenAPI's `/notes/{id}` as Hono routes it. */
export const routed = (path: string): string => path.replace(/\/\{([^}]+)\}/g, '/:$1')

const segmentsOf = (path: string): string[] => path.split('/').filter((one) => one !== '')

/** Whether whatever the path matches is matched by the pattern too. */
export const covers = (pattern: string, path: string): boolean => {
  const [left, right] = [segmentsOf(pattern), segmentsOf(path)]
  for (const [index, want] of left.entries()) {
    // A star at the end takes the rest, nothing included.
    if (want === '*' && index === left.length - 1) return true
    const have = right[index]
    if (have === undefined) return /^:.*\?$/.test(want)
    if (want === '*' || (want.startsWith(':') && !want.includes('{'))) continue
    if (want !== have) return false
  }
  return left.length === right.length
}

/** `/*` and `/api/*`: `''` and `/api`; undefined for a path without a star at its end. */
export const starred = (pattern: string): string | undefined =>
  /(?:^|\/)\*$/.test(pattern) ? pattern.replace(/\/?\*$/, '') : undefined

export const parametersOf = (path: string): string[] =>
  [...path.matchAll(/:([A-Za-z_]\w*)/g)].map(([, name = '']) => name)
