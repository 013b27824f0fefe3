/** The folder that an expression means: `path.join(__dirname, 'routes')`, and helpers of the project's own around it. */
import { posix } from 'node:path'
import {
  type Call,
  type FunctionNode,
  type Located,
  lastName,
  lookup,
  type Node,
  possibilities,
  type Scope,
  walkBody,
} from '../../source/index.ts'
import { type Reading, writtenAt } from '../reading.ts'
import { textIn } from './expressions.ts'

interface Part {
  /** A place in the project, when it starts at one. */
  readonly base?: string
  readonly text: string
}

/** The call of a helper that an expression stands in: what its parameters are. */
interface Given {
  readonly function: FunctionNode
  readonly call: Located<Call>
  readonly outer: Given | undefined
}

const DEEPEST = 12

/** The folder of `path.join(__dirname, 'routes')`, `new URL('./routes', import.meta.url)`, or a name for one of them. */
export const folderOf = (reading: Reading, node: Node, scope: Scope): string | undefined => {
  const found = partOf(reading, { node, scope }, undefined, 0)
  return found?.base === undefined ? undefined : posix.normalize(found.base).replace(/\/$/, '')
}

type PartOf = (node: Node, scope?: Scope, given?: Given) => Part | undefined

const partOf = (
  reading: Reading,
  { node, scope }: Located,
  given: Given | undefined,
  depth: number,
): Part | undefined => {
  if (depth > DEEPEST) return
  const text = writtenAt(reading, node)
  if (/^__(?:dirname|filename)$/.test(text) && lookup(scope, text).length === 0)
    return { base: posix.dirname(node.at.file), text: '' }
  if (/^import\.meta\.(?:dirname|filename|url)$/.test(text)) return { base: posix.dirname(node.at.file), text: '' }
  if (node.kind === 'literal' && typeof node.value === 'string') return { text: node.value }
  if (text === 'process.cwd()') return { base: '.', text: '' }
  const inner: PartOf = (one, at = scope, by = given) => partOf(reading, { node: one, scope: at }, by, depth + 1)
  if (node.kind === 'call') return ofCall(reading, { node, scope }, given, inner)
  if (node.kind === 'template') return joinParts(node.parts.map((one) => inner(one)))
  if (node.kind === 'binary' && node.operator === '+') return joinParts([inner(node.left), inner(node.right)])
  if (
    node.kind === 'member' &&
    node.property.kind === 'literal' &&
    /^(?:pathname|href)$/.test(String(node.property.value))
  )
    return inner(node.object)
  const named = node.kind === 'name' ? ofName(reading, node.name, scope, given, inner) : undefined
  if (named !== undefined) return named
  const value = textIn(reading.evaluator.value(node, scope))
  return value === undefined ? undefined : { text: value }
}

const ofName = (
  reading: Reading,
  name: string,
  scope: Scope,
  given: Given | undefined,
  inner: PartOf,
): Part | undefined => {
  const [binding] = lookup(scope, name)
  if (binding?.kind === 'value')
    return binding.assign.value === undefined || binding.path.length > 0
      ? undefined
      : inner(binding.assign.value, binding.scope)
  if (binding?.kind === 'parameter') {
    for (let one = given; one !== undefined; one = one.outer) {
      const arg = one.function === binding.node ? one.call.node.args[binding.index] : undefined
      if (arg !== undefined) return inner(arg, one.call.scope, one.outer)
    }
    return
  }
  const module = binding?.kind === 'import' && reading.program.imported(binding.scope.module, binding.node.from)
  const found = binding?.kind === 'import' && module ? reading.program.exported(module, binding.imported) : undefined
  return found !== undefined && 'node' in found ? inner(found.node, found.scope) : undefined
}

const ofCall = (
  reading: Reading,
  { node, scope }: Located<Call>,
  given: Given | undefined,
  inner: PartOf,
): Part | undefined => {
  for (const one of possibilities(reading.evaluator.value(node.callee, scope)))
    if (one.kind === 'function') return ofHelper(reading, one.node, { node, scope }, given, inner)
  const name = lastName(node.callee)
  if (name === 'cwd') return { base: '.', text: '' }
  const parts = node.args.map((one) => inner(one))
  if (name === 'URL')
    return parts[1]?.base === undefined
      ? undefined
      : { base: posix.join(parts[1].base, parts[0]?.text ?? ''), text: '' }
  // The dirname of the module's own file is the folder that it stands in.
  if (name === 'dirname' || name === 'fileURLToPath' || name === 'pathToFileURL' || name === 'normalize')
    return parts[0]
  return name === 'join' || name === 'resolve' ? joinParts(parts) : undefined
}

/** `folderAt(import.meta.url)` of the project's own: what it gives back, with its parameters as they are in this call. */
const ofHelper = (
  reading: Reading,
  helper: FunctionNode,
  call: Located<Call>,
  outer: Given | undefined,
  inner: PartOf,
): Part | undefined => {
  const returned: Node[] = []
  walkBody(helper.body, (one) => {
    if (one.kind === 'return' && one.value !== undefined) returned.push(one.value)
  })
  const [only] = returned
  const scope = only && reading.program.scopeOf(only)
  // Where it can give one of several, nothing says which.
  return returned.length === 1 && only !== undefined && scope !== undefined
    ? inner(only, scope, { function: helper, call, outer })
    : undefined
}

const joinParts = (parts: readonly (Part | undefined)[]): Part | undefined => {
  let base: string | undefined
  let text = ''
  for (const one of parts) {
    if (one === undefined) return
    if (one.base !== undefined) {
      base = one.base
      text = one.text
    } else text = text === '' ? one.text : `${text}/${one.text}`
  }
  return base === undefined ? { text } : { base: posix.join(base, text), text: '' }
}
