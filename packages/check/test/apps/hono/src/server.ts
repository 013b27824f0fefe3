import { serve } from '@hono/node-server'
import { app } from './app.ts'
import { env } from './config/env.ts'

const server = serve({ fetch: app.fetch, hostname: env.HOST, port: env.PORT }, ({ port }) => {
  console.log(`listening on http://${env.HOST}:${port}`)
})

process.on('SIGTERM', () => server.close())
