import type { FastifyInstance } from 'fastify'
import { Problem } from 'portcullis/fastify'

/** GET /-/health says that the gateway answers; GET /-/ready also asks its database. A document's own paths don't begin with /-/. */
export const health =
  (ping: () => Promise<void>) =>
  async (app: FastifyInstance): Promise<void> => {
    app.get('/-/health', { config: { access: 'public' } }, async () => ({ status: 'ok' }))
    app.get('/-/ready', { config: { access: 'public' } }, async () => {
      try {
        await ping()
      } catch (error) {
        app.log.error({ err: error }, 'the database does not answer')
        throw new Problem('unavailable', {}, { 'retry-after': '5' })
      }
      return { status: 'ready' }
    })
  }

/** The paths that are the gateway's own: a document that has one of them can't be served beside it. An issuer's accounts are not here. */
export const ownPaths = ({ ISSUER }: { readonly ISSUER?: string | undefined }): readonly string[] =>
  ISSUER === undefined ? ['/auth', '/-'] : ['/-']
