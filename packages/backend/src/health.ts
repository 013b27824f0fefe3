import type { FastifyInstance } from 'fastify'
import { Problem } from 'portcullis/fastify'
import { z } from 'zod'

/** GET /health says that the process answers; GET /ready also asks the database. */
export const health =
  (ping: () => Promise<void>) =>
  async (app: FastifyInstance): Promise<void> => {
    const status = (word: string) => ({ 200: z.object({ status: z.literal(word) }) })
    app.get(
      '/health',
      { config: { access: 'public' }, schema: { summary: 'The process answers', response: status('ok') } },
      async () => ({ status: 'ok' }),
    )
    app.get(
      '/ready',
      {
        config: { access: 'public' },
        schema: { summary: 'The process and its database answer', response: status('ready') },
      },
      async () => {
        try {
          await ping()
        } catch (error) {
          app.log.error({ err: error }, 'the database does not answer')
          throw new Problem('unavailable', {}, { 'retry-after': '5' })
        }
        return { status: 'ready' }
      },
    )
  }
