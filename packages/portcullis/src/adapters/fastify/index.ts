/** The door in a Fastify application: the plugin, and what it adds to routes and requests. */
import './watch.ts'

export { noBody, route } from '../../door/index.ts'
export type { AccessEntry, AccessRule, Predicate, Principal, RuleRequest } from '../../layers/access/index.ts'
export { allow, authenticated, publicAccess, role, serviceKey } from '../../layers/access/index.ts'
export { Problem } from '../../response/index.ts'
export { replyFields } from './answer-fields.ts'
export type { PortcullisInstance } from './augmentation.ts'
export { routesOf } from './definitions.ts'
export type { PortcullisOptions } from './plugin.ts'
export { portcullis } from './plugin.ts'
export type { ZodTypeProvider } from './schemas.ts'
export { drain, serverBounds } from './server.ts'
