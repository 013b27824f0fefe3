/** better-auth that a container gives to whom it answers. */
import { type Files, table } from './judged.ts'

const mounted = (path: string, asked: string): Files => ({
  'src/main.ts': `import Fastify from 'fastify'
import { container } from './auth'
const auth = container.${asked}
const app = Fastify()
app.route({ method: ['GET', 'POST'], url: '${path}', handler: async (request, reply) => {
  const answer = await auth.handler(new Request(request.url))
  return reply.send(await answer.text())
} })
await app.listen({ port: 3000 })`,
  'src/auth.ts': `import { betterAuth } from 'better-auth'
import { Container } from 'inversify'
export const container = new Container()
container.bind('auth').toConstantValue(betterAuth({ emailAndPassword: { enabled: true }, rateLimit: { enabled: false } }))`,
})

table('auth-rate-limit', [
  [
    'fails: its logins are below the path that it is given',
    mounted('/api/auth/*', "get('auth')"),
    ['fail src/main.ts:5: POST /api/auth/sign-in/email is not rate limited.'],
  ],
  [
    'is not applicable: a handler of one path alone',
    mounted('/api/jobs', "get('jobs')"),
    ['not-applicable (2 routes read): No route checks a credential.'],
  ],
])
