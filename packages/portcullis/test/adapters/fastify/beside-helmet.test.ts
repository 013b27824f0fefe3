import assert from 'node:assert/strict'
import { test } from 'node:test'
import helmet from '@fastify/helmet'
import Fastify, { type FastifyInstance } from 'fastify'
import { portcullis } from '../../../src/adapters/fastify/index.ts'
import { secret } from './app.ts'

/** What the application says at its start. */
const saidOf = async (build: (app: FastifyInstance) => unknown): Promise<string> => {
  const lines: string[] = []
  const app = Fastify({ logger: { level: 'warn', stream: { write: (line: string) => lines.push(line) } } })
  await build(app)
  await app.ready()
  await app.close()
  return lines.join('')
}

const hang = async (app: FastifyInstance): Promise<void> =>
  void (await app.register(portcullis, { sessions: { secret }, identify: () => null }))

test('@fastify/helmet beside the door is told at the start: after it, before it, in a context', async () => {
  const told = /@fastify\/helmet writes its fields over those of the door/
  const after = (app: FastifyInstance) => hang(app).then(() => app.register(helmet))
  const before = (app: FastifyInstance) => {
    app.register(helmet)
    return hang(app)
  }
  const inside = (app: FastifyInstance) =>
    hang(app).then(() => app.register(async (context) => void context.register(helmet)))
  for (const build of [after, before, inside]) assert.match(await saidOf(build), told)
  assert.doesNotMatch(await saidOf(hang), told)
})
