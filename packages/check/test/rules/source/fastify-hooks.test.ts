/** Fastify’s hooks that seem to refuse. */
import { type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const hook = (body: string): Files => ({
  'src/app.ts': [
    "import Fastify from 'fastify'; import jwt from '@fastify/jwt'",
    'const app = Fastify(); await app.register(jwt, { secret: process.env.KEY })',
    `app.addHook('onRequest', async (request, reply) => { ${body} })`,
    "app.get('/notes', list)",
    "app.post('/notes', add)",
  ].join('\n'),
})

const NONE = ['fail src/app.ts:4 src/app.ts:5: No guard in front of 2 routes.']
const COVERS = ['pass src/app.ts:3: One guard covers 2 of 2 routes.']

table('default-deny', [
  ...[
    'try { await request.jwtVerify() } catch { reply.code(401) }',
    'try { await request.jwtVerify() } catch (error) { request.log.warn(error); reply.status(401) }',
    'const ok = await request.jwtVerify().then(() => true, () => false); if (!ok) reply.code(401)',
  ].map((body): Row => [`a status that nobody sends: ${body}`, hook(body), NONE]),
  ...[
    'try { await request.jwtVerify() } catch { reply.code(401).send() }',
    'try { await request.jwtVerify() } catch { reply.code(401); reply.send() }',
    'try { await request.jwtVerify() } catch { reply.code(401); return reply.send({}) }',
    "try { await request.jwtVerify() } catch { reply.code(401); throw new Error('no') }",
    'const ok = await request.jwtVerify().then(() => true, () => false); if (!ok) return reply.code(401).send()',
  ].map((body): Row => [`an answer that is sent: ${body}`, hook(body), COVERS]),
])

/** A hook that calls what the application was decorated with. */
const decorated = (body: string, call: string): Files => ({
  'src/app.ts': [
    "import Fastify from 'fastify'; import jwt from '@fastify/jwt'",
    'const app = Fastify(); await app.register(jwt, { secret: process.env.KEY })',
    `app.decorate('authenticate', async (request, reply) => { ${body} })`,
    `app.addHook('onRequest', async (request, reply) => { ${call} })`,
    "app.get('/notes', list)",
    "app.post('/notes', add)",
  ].join('\n'),
})

const SWALLOWS = 'try { await request.jwtVerify() } catch (error) { request.log.warn(error) }'
const REFUSES = 'try { await request.jwtVerify() } catch { return reply.code(401).send() }'
const OPEN = ['fail src/app.ts:5 src/app.ts:6: No guard in front of 2 routes.']
const HELD = ['pass src/app.ts:4: One guard covers 2 of 2 routes.']

table('default-deny', [
  ...['return app.authenticate(request, reply)', 'await app.authenticate(request, reply)'].flatMap((call): Row[] => [
    [`what is called swallows the failure: ${call}`, decorated(SWALLOWS, call), OPEN],
    [`what is called refuses: ${call}`, decorated(REFUSES, call), HELD],
  ]),
  [
    'what is called swallows the failure, and the hook looks',
    decorated(SWALLOWS, 'await app.authenticate(request, reply); if (!request.user) return reply.code(401).send()'),
    HELD,
  ],
])
