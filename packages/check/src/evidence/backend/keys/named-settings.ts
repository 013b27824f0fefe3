/** Settings whose name says that they are secret: fields of settings, variables in capitals, fallbacks behind the environment. */
import { namesVariables } from '../../project/index.ts'
import { type Call, lastName, type Node, pathOf, type Scope, type Value, walk } from '../../source/index.ts'
import type { HardcodedKey } from '../facts.ts'
import { placeOf, type Reading, writtenAt } from '../reading.ts'
import { examplesIn } from './documentation-examples.ts'
import { literalsOf } from './literals.ts'
import { isSecretName, looksSecret } from './secret-names.ts'

export const namedSettings = (reading: Reading): HardcodedKey[] => {
  const keys: HardcodedKey[] = []
  const found = (name: string, node: Node, scope: Scope, where: string) => {
    if (!isSecretName(name)) return
    for (const one of literalsOf(reading, reading.evaluator.value(node, scope)))
      if (one.at.file === node.at.file && looksSecret(name, one.text) && !asksByName(node, one))
        keys.push({
          at: placeOf(reading, one.at),
          value: one.text,
          sink: `${where} ${name}`,
          ...(one.env === undefined ? {} : { fallbackOf: one.env }),
        })
  }
  for (const module of reading.program.modules.values()) {
    if (namesVariables(module.file)) continue
    const { around } = reading.program.scopes(module)
    const configures =
      /(?:^|[/._-])(?:config|configs|configuration|settings?|env|environment|constants?|secrets?|keys?|auth|jwt|security|database|db|ormconfig|knexfile|data-source)(?:[/._-]|$)/i.test(
        module.file,
      )
    const examples = new Set<Node>()
    walk(module.body, (node) => {
      if (examples.has(node)) return false
      for (const one of examplesIn(node)) examples.add(one)
      const scope = around.get(node)
      if (scope === undefined) return true
      if (node.kind === 'assign' && node.value !== undefined) {
        const path = pathOf(node.target)
        const subscript =
          node.target.kind === 'member' && node.target.property.kind === 'literal'
            ? String(node.target.property.value)
            : undefined
        const name = subscript ?? path?.at(-1) ?? ''
        const field =
          scope.owner?.kind === 'class' &&
          reading.evaluator.classes.isSettings({
            kind: 'class',
            node: scope.owner,
            scope: scope.parent ?? scope,
            at: scope.owner.at,
          })
        const capital = /^[A-Z][A-Z0-9_]*$/.test(name) && scope.owner?.kind !== 'function'
        if (field || capital || (configures && scope.owner === undefined))
          found(name, node.value, scope, field ? 'settings field' : 'constant')
        else if (
          subscript !== undefined &&
          /^[A-Z_]+$/.test(subscript) &&
          /config/.test(
            path?.join('.') ?? lastName(node.target.kind === 'member' ? node.target.object : node.target) ?? '',
          )
        )
          found(subscript, node.value, scope, 'setting')
      } else if (node.kind === 'object' && configures) {
        for (const { key, value } of node.entries)
          if (key.kind === 'literal' && (value.kind === 'literal' || value.kind === 'logical' || value.kind === 'call'))
            found(String(key.value), value, scope, 'setting')
      } else if (node.kind === 'call' && setsConfig(node)) {
        for (const [name, value] of settingsIn(node)) found(name, value, scope, 'setting')
      } else if (node.kind === 'logical' && node.operator !== '&&') fallback(reading, node, scope, keys)
      else if (
        node.kind === 'call' &&
        (node.args.length > 1 || node.named.has('default')) &&
        /^(?:getenv|get|getOrThrow|env|config|str|string|setdefault|get_env|getEnv|Field)$/.test(
          lastName(node.callee) ?? '',
        )
      )
        fallback(reading, node, scope, keys)
      return true
    })
  }
  // `JWT_SECRET: z.string().default('x')`
  return keys
}

/** Flask: `app.config.update(SECRET_KEY='x')`, `from_mapping({'SECRET_KEY': 'x'})`; Express: `app.set('secret', 'x')`. */
const setsConfig = ({ callee }: Call): boolean =>
  callee.kind === 'member' &&
  ((/^(?:update|from_mapping)$/.test(lastName(callee) ?? '') && lastName(callee.object) === 'config') ||
    (lastName(callee) === 'set' && /app$|server/i.test(lastName(callee.object) ?? '')))

const settingsIn = ({ args, named }: Call): readonly (readonly [string, Node])[] => {
  const [first, second] = args
  const pair = first?.kind === 'literal' && second !== undefined ? [[String(first.value), second] as const] : []
  const listed = first?.kind === 'object' ? first.entries : []
  const entries = listed.flatMap(({ key, value }) =>
    key.kind === 'literal' ? [[String(key.value), value] as const] : [],
  )
  return [...pair, ...entries, ...named]
}

/** `from.env('JWT_SECRET')`: a helper of the project's own is told which variable to read. */
const asksByName = (node: Node, { text, at }: { text: string; at: Value['at'] }): boolean =>
  node.kind === 'call' &&
  /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(text) &&
  node.args.some((one) => one.kind === 'literal' && one.at.start === at.start)

/** `process.env.JWT_SECRET || 'x'`, `os.getenv("SECRET", "x")`, wherever it stands. */
const fallback = (reading: Reading, node: Node, scope: Scope, keys: HardcodedKey[]): void => {
  // Most of a program's `a || b` has nothing to do with settings.
  const [first, last] =
    node.kind === 'logical'
      ? [node.left, node.right]
      : node.kind === 'call'
        ? [node.callee, node.named.get('default') ?? node.args[1]]
        : []
  if (
    first === undefined ||
    last === undefined ||
    (last.kind !== 'literal' && last.kind !== 'name' && last.kind !== 'member' && last.kind !== 'call')
  )
    return
  if (
    !/env|config|settings?|secret|key|pass|token/i.test(
      reading.program.modules
        .get(node.at.file)
        ?.text.slice(first.at.start, Math.min(node.at.end, first.at.start + 300)) ?? '',
    )
  )
    return
  if (last.kind !== 'literal' && !/env/i.test(writtenAt(reading, first))) return
  const value = reading.evaluator.value(node, scope)
  if (value.kind !== 'either') return
  const env = value.values.find((one) => one.kind === 'env')
  if (env?.kind !== 'env' || !isSecretName(env.name)) return
  for (const one of value.values)
    if (
      one.kind === 'literal' &&
      typeof one.value === 'string' &&
      one.at.file === node.at.file &&
      one.at.start >= node.at.start &&
      one.at.end <= node.at.end &&
      looksSecret(env.name, one.value)
    )
      keys.push({ at: placeOf(reading, one.at), value: one.value, sink: `setting ${env.name}`, fallbackOf: env.name })
}
