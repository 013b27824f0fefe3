/** Patterns of a path's parameters: `/notes/:id(\\d+)` of Express 4 and Fastify, `/notes/:id{[0-9]+}` of Hono. */
import { boundsText } from './patterns.ts'

const CLOSING = { '(': ')', '{': '}' } as const

/** The values that a path takes only in a form that bounds them: `path id`. All of the three match from beginning to end. */
export const boundKeys = (path: string, opening: '(' | '{'): ReadonlySet<string> => {
  const keys = new Set<string>()
  for (const { 1: name = '', 0: start, index } of path.matchAll(/:(\w+)(?=[({])/g)) {
    const source = enclosed(path, index + start.length, opening)
    if (source !== undefined && !ANYTHING.test(source) && boundsText(`^${source}$`)) keys.add(`path ${name}`)
  }
  return keys
}

/** `[^/]+` is what a parameter takes anyway. */
const ANYTHING = /\[\^[^\]]*\](?:[*+]|\{\d+,\})/

/** What stands from a bracket to the one that closes it. */
const enclosed = (path: string, from: number, opening: '(' | '{'): string | undefined => {
  if (path[from] !== opening) return
  let depth = 0
  for (let at = from; at < path.length; at += 1) {
    if (path[at] === '\\') at += 1
    else if (path[at] === opening) depth += 1
    else if (path[at] === CLOSING[opening]) depth -= 1
    if (depth === 0) return path.slice(from + 1, at)
  }
  return
}
