/** A program that prints how many bytes of memory a route costs, in bare Fastify and behind the door. */
import Fastify, { type FastifyInstance } from 'fastify'
import { guarded } from './app.ts'

const ROUTES = 2_000

const used = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

const kept: FastifyInstance[] = []

const bytesOf = async (make: () => Promise<FastifyInstance>, routes: number): Promise<number> => {
  const before = used()
  const app = await make()
  for (let route = 0; route < routes; route += 1) app.get(`/things-${route}/:id`, async () => '')
  await app.ready()
  kept.push(app)
  return used() - before
}

const costs: number[] = []
for (const make of [async () => Fastify(), guarded] as (() => Promise<FastifyInstance>)[]) {
  // The first has loaded what is loaded once.
  await bytesOf(make, 1)
  const without = await bytesOf(make, 1)
  costs.push(((await bytesOf(make, ROUTES)) - without) / ROUTES)
}
process.stdout.write(JSON.stringify(costs))
