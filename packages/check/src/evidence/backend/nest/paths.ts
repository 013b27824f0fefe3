/** Where a controller's methods answer: prefixes of the application, of modules, of controllers, and versions. */
import { possibilities, textsOf, type Value } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import type { Decorated, Program } from './classes.ts'
import { argOf, type Decorator, named } from './decorators.ts'

export interface Prefixes {
  readonly application: string
  readonly except: readonly string[]
  /** `enableVersioning()` writes the version into the path. */
  readonly version: string | undefined
  readonly modules: ReadonlyMap<unknown, string>
}

export const joined = (...parts: readonly string[]): string =>
  `/${parts
    .flatMap((one) => one.split('/'))
    .filter((one) => one !== '')
    .join('/')}`

export const prefixesOf = (program: Program): Prefixes => {
  const { reading } = program
  const first = reading.program.callsNamed('setGlobalPrefix')[0]
  const given = first?.node.args[0] && reading.evaluator.value(first.node.args[0], first.scope)
  const options = first?.node.args[1] && reading.evaluator.value(first.node.args[1], first.scope)
  const excluded = options?.kind === 'object' ? options.entries.get('exclude') : undefined
  return {
    application: given === undefined ? '' : (textsOf(given)[0] ?? ''),
    except:
      excluded?.kind === 'list'
        ? excluded.items
            .flatMap((one) => textsOf(one.kind === 'object' ? (one.entries.get('path') ?? one) : one))
            .map((one) => joined(one))
        : [],
    version: versionPrefix(reading),
    modules: modulePrefixes(program),
  }
}

const versionPrefix = (reading: Reading): string | undefined => {
  const [call] = reading.program.callsNamed('enableVersioning')
  if (call === undefined) return
  const options = call.node.args[0] && reading.evaluator.value(call.node.args[0], call.scope)
  if (options?.kind !== 'object') return 'v'
  const type = options.entries.get('type')
  if (type?.kind === 'external' && type.path.at(-1) !== 'URI') return
  const prefix = options.entries.get('prefix')
  return prefix?.kind === 'literal' ? (typeof prefix.value === 'string' ? prefix.value : '') : 'v'
}

/** `RouterModule.register([{ path: 'admin', module: AdminModule, children: […] }])`, by controller. */
const modulePrefixes = ({ reading, classes }: Program): ReadonlyMap<unknown, string> => {
  const prefixes = new Map<unknown, string>()
  const visit = (one: Value, above: string): void => {
    if (one.kind === 'list') {
      for (const each of one.items) visit(each, above)
      return
    }
    if (one.kind !== 'object') {
      put(one, above)
      return
    }
    const path = joined(above, textsOf(one.entries.get('path') ?? one)[0] ?? '')
    const module = one.entries.get('module')
    if (module !== undefined) put(module, path)
    const children = one.entries.get('children')
    if (children !== undefined) visit(children, path)
  }
  const put = (module: Value, path: string) => {
    const found = module.kind === 'class' ? classes.find((one) => one.class.node === module.node) : undefined
    const [decorator] = found ? named(found.decorators, 'Module') : []
    const options = decorator && argOf(reading, decorator, 0)
    const controllers = options?.kind === 'object' ? options.entries.get('controllers') : undefined
    for (const one of controllers?.kind === 'list' ? controllers.items : [])
      if (one.kind === 'class') prefixes.set(one.node, path)
  }
  for (const { node, scope } of reading.program.callsNamed('register')) {
    if (
      node.callee.kind !== 'member' ||
      node.callee.object.kind !== 'name' ||
      node.callee.object.name !== 'RouterModule' ||
      !node.args[0]
    )
      continue
    visit(reading.evaluator.value(node.args[0], scope), '')
  }
  return prefixes
}

export interface RoutePath {
  /** With every prefix. */
  readonly whole: string
  /** As middleware names it, without the application's prefix. */
  readonly local: string
}

const textsIn = (value: Value | undefined): readonly string[] =>
  value === undefined
    ? ['']
    : possibilities(value).flatMap((one) => (one.kind === 'list' ? one.items.flatMap(textsOf) : textsOf(one)))

const optionOf = (reading: Reading, decorator: Decorator | undefined, key: string): Value | undefined => {
  const first = decorator && argOf(reading, decorator, 0)
  if (first?.kind === 'object') return first.entries.get(key)
  return key === 'path' ? first : undefined
}

/** Every path of one method of a controller. */
export const pathsOf = (
  reading: Reading,
  prefixes: Prefixes,
  controller: Decorated,
  ofMethod: readonly Decorator[],
  verb: Decorator,
): readonly RoutePath[] => {
  const [decorator] = named(controller.decorators, 'Controller')
  const version =
    versionOf(reading, [...named(ofMethod, 'Version')], 0) ??
    textsIn(optionOf(reading, decorator, 'version'))[0] ??
    versionOf(reading, [...named(controller.decorators, 'Version')], 0) ??
    ''
  const versioned = prefixes.version !== undefined && version !== '' ? `${prefixes.version}${version}` : ''
  const starts = orBare(textsIn(optionOf(reading, decorator, 'path')))
  const ends = orBare(textsIn(argOf(reading, verb, 0)))
  const module = prefixes.modules.get(controller.class.node) ?? ''
  return starts.flatMap((start) =>
    ends.map((end) => {
      const local = joined(module, start, end)
      return { local, whole: prefixes.except.includes(local) ? local : joined(prefixes.application, versioned, local) }
    }),
  )
}

const orBare = (texts: readonly string[]): readonly string[] => (texts.length === 0 ? [''] : texts)

const versionOf = (reading: Reading, decorators: readonly Decorator[], index: number): string | undefined => {
  const [one] = decorators
  const value = one && argOf(reading, one, index)
  return value === undefined ? undefined : textsIn(value)[0]
}
