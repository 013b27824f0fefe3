/**
 * APIs of procedures (tRPC, oRPC, ts-rest): one path is handed to a package, and what may be called there, by whom and with what, is
 * said by procedures that nobody here reads.
 */
import { possibilities, type Value } from '../source/index.ts'
import type { Place } from './facts.ts'
import { placeOf, type Reading } from './reading.ts'

const PACKAGES =
  /^(?:@trpc\/server\/adapters\/[\w-]+|@hono\/trpc-server|@orpc\/(?:server|openapi)(?:\/[\w-]+)?|@ts-rest\/(?:express|fastify|nest|serverless)(?:\/[\w-]+)?)$/

/** What each of them calls the function or class that answers. */
const ANSWERS = [
  'createExpressMiddleware',
  'createHTTPServer',
  'createHTTPHandler',
  'fetchRequestHandler',
  'nodeHTTPRequestHandler',
  'trpcServer',
  'RPCHandler',
  'OpenAPIHandler',
  'createExpressEndpoints',
  'tsRestHandler',
]

/** Where such an API is put on an application. */
export const procedureApis = (reading: Reading): readonly Place[] => {
  if (![...reading.program.imports].some((one) => PACKAGES.test(one))) return []
  const answering = ANSWERS.flatMap((name) => reading.program.callsNamed(name)).filter(({ node, scope }) =>
    isOfThem(reading.evaluator.value(node.callee, scope)),
  )
  const registered = reading.program
    .callsNamed('register')
    .filter(({ node, scope }) => node.args[0] !== undefined && isOfThem(reading.evaluator.value(node.args[0], scope)))
  return [...answering, ...registered].map(({ node }) => placeOf(reading, node.at))
}

const isOfThem = (value: Value): boolean =>
  possibilities(value).some((one) => one.kind === 'external' && PACKAGES.test(one.from))
