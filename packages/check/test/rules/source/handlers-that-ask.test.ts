/** Limiters that the handler of a login asks in its own text, whatever the framework. */
import { table } from './judged.ts'

const FLEXIBLE =
  "import { RateLimiterMemory } from 'rate-limiter-flexible'\nconst limiter = new RateLimiterMemory({ points: 5, duration: 60 })"
const UPSTASH =
  "import { Ratelimit } from '@upstash/ratelimit'\nconst limiter = new Ratelimit({ redis, limiter: Ratelimit.slidingWindow(5, '60 s') })"
const below = (framework: string, limiter: string, handler: string) => ({
  'src/app.ts': `${framework}\n${limiter}\napp.post('/login', async ${handler})`,
})
const HONO = "import { Hono } from 'hono'; const app = new Hono()"
const FASTIFY = "import Fastify from 'fastify'; const app = Fastify()"
const EXPRESS = "import express from 'express'; const app = express()"
const LIMITED = 'pass src/app.ts:4 src/app.ts:4: POST /login is limited'

table('auth-rate-limit', [
  [
    'passes: asked by a handler of Hono',
    below(
      HONO,
      FLEXIBLE,
      '(c) => { try { await limiter.consume(address(c)) } catch { return c.json({}, 429) } return c.json(await login(c)) }',
    ),
    [`${LIMITED} to 5 a minute.`],
  ],
  [
    'passes: asked by a handler of Fastify',
    below(
      FASTIFY,
      FLEXIBLE,
      '(request, reply) => { try { await limiter.consume(request.ip) } catch { return reply.code(429).send() } return login(request.body) }',
    ),
    [`${LIMITED} to 5 a minute.`],
  ],
  [
    'passes: what it says is taken apart',
    below(
      EXPRESS,
      UPSTASH,
      '(req, res) => { const { success } = await limiter.limit(req.ip); if (!success) return res.sendStatus(429); res.json(await login(req.body)) }',
    ),
    [`${LIMITED}.`],
  ],
  [
    'not proven: nobody looks at what it says, in Hono',
    below(HONO, UPSTASH, '(c) => { await limiter.limit(address(c)); return c.json(await login(c)) }'),
    ['not-proven src/app.ts:4 src/app.ts:4: What limits POST /login could not be followed.'],
  ],
])
