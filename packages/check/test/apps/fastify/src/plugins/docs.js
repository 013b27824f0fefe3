import document from '../../openapi.json' with { type: 'json' }

export const docs = async (app) => {
  app.get('/openapi.json', { config: { public: true } }, async () => document)
}
