/** Methods: what is asked of the origin, and what a list is asked for. */
import { type Call, type Node, pathOf, possibilities } from '../../source/index.ts'
import { among, endsWith, includes, matches, startsWith } from './comparisons.ts'
import { each } from './each.ts'
import { askedForStar, isStar } from './given.ts'
import { comesTo, given, grant, mentions, type Run } from './run.ts'
import { HOST, isOfOrigin, located, ORIGIN, PART, type Said, test, UNKNOWN } from './said.ts'
import { isText } from './texts.ts'

export const ofMember = (run: Run, node: Call, object: Node, method: string): Said | undefined => {
  const [first] = node.args
  const eachOf = each(run, node, object, method)
  if (eachOf !== undefined) return eachOf
  if (method === 'includes' || method === 'has' || /[iI]ndexOf$/.test(method)) {
    const star = first === undefined ? undefined : run.say(first)
    if (star?.is === 'given' && isStar(star.value)) {
      const on = run.say(object)
      if (on.is === 'given') return located(method, askedForStar(run.reading, on.value))
    }
  }
  if (!mentions(run, node)) return
  if (/^(?:_|lodash|Object)$/.test(pathOf(object)?.join('.') ?? '')) return ofStatic(run, node, method)
  const said = run.say(object)
  const arg = first === undefined ? undefined : run.say(first)
  if (isOfOrigin(said)) return ofOrigin(run, said, method, arg, first)
  if (said.is === 'request') return ASKS.test(method) ? test('any') : SAME.test(method) ? said : given(run, node)
  // `callback.call(null, null, true)`
  if (said.is === 'callback') grant(run, node, UNKNOWN)
  if (said.is === 'list' && method === 'join') return PART
  return said.is === 'given' && arg !== undefined && (isOfOrigin(arg) || arg.is === 'request')
    ? ofGiven(run, object, said, method, arg)
    : undefined
}

const ASKS = /^(?:startsWith|endsWith|includes|match|test)$/

const SAME = /^(?:toLowerCase|toUpperCase|toLocaleLowerCase|trim|trimEnd|toString|valueOf|normalize|at)$/

const ofOrigin = (
  run: Run,
  said: Said,
  method: string,
  arg: Said | undefined,
  node: Node | undefined,
): Said | undefined => {
  const value = arg?.is === 'given' ? arg.value : undefined
  if (SAME.test(method)) return said
  if (said.is === 'url') return method === 'toString' ? ORIGIN : UNKNOWN
  if (method === 'replace' && node !== undefined) return replaced(run, said, node)
  if (/^(?:split|slice|substring|substr|replaceAll|concat)$/.test(method)) return PART
  // `origin.includes(host)`: the one that is asked for is the origin's as well.
  if (value === undefined) return arg === undefined ? undefined : UNKNOWN
  switch (method) {
    case 'endsWith':
      return endsWith(run.reading, said, value)
    case 'startsWith':
      return startsWith(run.reading, said, value)
    case 'includes':
      return includes(run.reading, said, value)
    case 'indexOf':
    case 'lastIndexOf':
      return located(method, includes(run.reading, said, value), startsWith(run.reading, said, value))
    case 'match':
    case 'matchAll':
      return matches(said, value, run.judge)
    case 'search':
      return located(method, matches(said, value, run.judge))
    default:
      return
  }
}

/** `origin.replace(/\/$/, '')` is the origin, `origin.replace('https://', '')` its host. */
const replaced = (run: Run, said: Said, node: Node): Said => {
  const value = comesTo(run, node)
  const what = value.kind === 'pattern' ? value.source : value.kind === 'literal' ? String(value.value) : undefined
  if (what === undefined) return PART
  if (/^\^?\(?\??:?https?\??:/.test(what) && said.is === 'origin') return HOST
  return /^(?:\\?\/)+\+?\$?$/.test(what) ? said : PART
}

/** `LIST.includes(origin)`, `pattern.test(origin)`, `map.has(origin)`. */
const ofGiven = (
  run: Run,
  node: Node,
  object: Extract<Said, { is: 'given' }>,
  method: string,
  arg: Said,
): Said | undefined => {
  if (/^(?:includes|has|get|contains|hasOwnProperty|sismember)$/.test(method) || /[iI]ndexOf$/.test(method))
    return located(
      method,
      among(
        run.reading,
        arg,
        object.value,
        /^(?:includes|(?:lastI|i)ndexOf)$/.test(method) && isText(run, node, object.value),
      ),
    )
  if (method === 'test' || method === 'exec') return matches(arg, withoutTexts(object.value), run.judge)
  return
}

/** Of patterns and texts in one list, the patterns have a `test`. */
const withoutTexts = (value: Extract<Said, { is: 'given' }>['value']) => {
  const patterns = possibilities(value).filter((one) => one.kind !== 'literal' || one.value === null)
  const [only] = patterns
  return patterns.length === 1 && only !== undefined
    ? only
    : value.kind === 'either'
      ? { ...value, values: patterns }
      : value
}

/** `_.includes(LIST, origin)`, `Object.hasOwn(MAP, origin)`. */
const ofStatic = (run: Run, node: Call, method: string): Said | undefined => {
  const [list, asked] = node.args
  if (list === undefined || asked === undefined || !/^(?:includes|contains|indexOf|hasOwn|has)$/.test(method)) return
  const [said, arg] = [run.say(list), run.say(asked)]
  return said.is === 'given' && isOfOrigin(arg) ? located(method, among(run.reading, arg, said.value, false)) : UNKNOWN
}
