import assert from 'node:assert/strict'
import { after } from 'node:test'
import { documentOf, jsonBody, operation, parameter, session, startGateway } from '../rig.ts'
import type { Recording } from '../upstreams/recording.ts'
import type { WireAnswer } from './wire.ts'

const id = parameter('id', 'path', { type: 'string', maxLength: 200 })
const octets = {
  requestBody: { content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } },
}
const item = { type: 'object', properties: { name: { type: 'string', maxLength: 50 } }, required: ['name'] }

/** What stands behind the gateway in the tables of attacks. */
export const document = documentOf({
  '/public': { get: operation() },
  '/items': { get: operation(), post: operation(jsonBody(item)) },
  '/items/{id}': { get: operation({ parameters: [id] }), delete: operation({ parameters: [id] }) },
  '/admin/secret': { get: operation() },
  '/upload': { post: operation(octets) },
})

/** Only /public is open; what is asked for elsewhere needs a session, and /admin/secret a role that nobody has. */
export const settings = { access: { 'GET /public': 'public', 'GET /admin/secret': 'role admin' } }

/** A gateway in front of an upstream, and somebody who is logged in. */
export const openScene = async (upstream: string, env: Readonly<Record<string, string>> = {}) => {
  const { address, gateway } = await startGateway({ after } as never, { upstream, document, settings, env })
  const { id: subject, token } = await session(address)
  return { address, gateway, port: Number(new URL(address).port), token, subject }
}

/** What reached an upstream, a line a request. */
export const reachedLines = ({ requests }: Pick<Recording, 'requests'>): readonly string[] =>
  requests.map(
    ({ method, target, body }) => `${method} ${target}${body.length > 0 ? ` ${body.toString('latin1')}` : ''}`,
  )

/** A refusal is a problem document that says its own status, echoes nothing, and can be read by nobody else's parser as more. */
export const assertProblem = (answer: WireAnswer | undefined, statuses: readonly number[], name: string): void => {
  assert.ok(answer, `${name}: no answer`)
  assert.ok(statuses.includes(answer.status), `${name}: ${answer.status} ${answer.body}`)
  assert.equal(answer.headers['content-type'], 'application/problem+json', name)
  assert.equal(answer.headers['content-length'], String(answer.body.length), name)
  const problem = JSON.parse(answer.body) as Readonly<Record<string, unknown>>
  assert.equal(problem['status'], answer.status, name)
  assert.equal(typeof problem['title'], 'string', name)
}
