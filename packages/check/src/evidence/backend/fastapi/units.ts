/** What makes an application or a router of FastAPI's: the framework itself, a package's class, or one of the project's own. */
import type { Call, Located, Node, Scope, Value } from '../../source/index.ts'
import { ancestorsOf, lastOf, namesOf, valuesOf } from '../python/index.ts'
import type { Reading } from '../reading.ts'

const UNIT = /^(?:\w*FastAPI|\w*Router|get_auth_router)$/
/** Packages call theirs so: `fastapi_error_map`, `strawberry.fastapi`. */
const OF_FASTAPI = /(?:^|[._])(?:fastapi|starlette)/
/** The names that make one; a package's own router is called by another. */
export const unitNames = (reading: Reading): ReadonlySet<string> => {
  const routers = [...reading.program.modules.values()].flatMap(({ language, body }) =>
    language !== 'python'
      ? []
      : body.flatMap((one) =>
          one.kind === 'import' && OF_FASTAPI.test(one.from)
            ? one.names.flatMap(({ imported }) => (/Router$/.test(imported) ? [imported] : []))
            : [],
        ),
  )
  return namesOf(reading, ['FastAPI', 'APIRouter', 'get_auth_router', ...routers])
}

/** The units that a node can stand for. */
export const unitsOf = (reading: Reading, node: Node, scope: Scope): readonly Call[] => {
  const found = new Set<Call>()
  for (const value of valuesOf(reading, node, scope)) {
    const call = unitCall(reading, value)
    if (call !== undefined) found.add(call.node)
  }
  return [...found]
}

export const unitCall = (reading: Reading, value: Value): Located<Call> | undefined => {
  if (value.kind === 'external') {
    const path = value.path.filter((one) => one !== 'router')
    return value.call !== undefined &&
      path.at(-1) === '()' &&
      UNIT.test(lastOf({ ...value, path })) &&
      OF_FASTAPI.test(value.from)
      ? value.call
      : undefined
  }
  if (value.kind === 'instance' && value.call && ancestorsOf(reading, value.class).some((one) => UNIT.test(one)))
    return value.call
  return
}

/** A router that a package makes: it may have routes of its own. */
export const isForeign = (reading: Reading, made: Located<Call> | undefined): boolean => {
  const value = made && reading.evaluator.value(made.node.callee, made.scope)
  return value?.kind === 'external' && !/^(?:FastAPI|APIRouter|get_auth_router)$/.test(lastOf(value))
}

/** fastapi-users' other routers: registration, reset and the like, each with the guard that it needs. */
export const isOfPackage = (value: Value): boolean =>
  value.kind === 'external' && value.from !== 'global' && !value.from.startsWith('fastapi_users')
