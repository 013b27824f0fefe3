/** What handlers are called where they are registered. */
import { lastName, type Node, possibilities } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import type { Handler } from './apps.ts'

export const nameIn = (node: Node | undefined): string => {
  if (node === undefined) return ''
  const callee = node.kind === 'call' ? node.callee : node
  if (callee.kind === 'function') return callee.name ?? ''
  if (callee.kind === 'member')
    return `${callee.object.kind === 'name' ? `${callee.object.name}.` : ''}${lastName(callee) ?? ''}`
  return lastName(callee) ?? ''
}

/** `asyncHandler`, `toCallback`, `catchErrors`, `tryCatch`, `wrap`: what is in it is the handler, whatever else is known of it. */
const WRAPS = /async|callback|catch|wrap|promise|handle(?:r|errors?)?$|safe|^tc$/i

/** What answers a route: of `asyncHandler(auth.login)` and `auth.login.bind(auth)` it is `auth.login`. */
export const handledBy = (reading: Reading, { node, located }: Handler): string => {
  let inner: Node = node
  for (let depth = 0; depth < 5 && inner.kind === 'call'; depth += 1) {
    const { callee } = inner
    const name = nameIn(inner)
    const given: Node | undefined =
      callee.kind === 'member' && lastName(callee) === 'bind'
        ? callee.object
        : // passport.authenticate('local', (error, user) => …) checks the password itself.
          /authenticate$/i.test(name)
          ? undefined
          : inner.args.findLast(
              (arg) =>
                arg.kind === 'function' ||
                (WRAPS.test(name) && (arg.kind === 'name' || arg.kind === 'member' || arg.kind === 'call')) ||
                possibilities(reading.evaluator.value(arg, located.scope)).some((one) => one.kind === 'function'),
            )
    if (given === undefined) return name
    inner = given
  }
  return nameIn(inner)
}
