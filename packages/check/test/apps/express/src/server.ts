import { createApp } from './app.ts'
import { config } from './config/index.ts'

const server = createApp().listen(config.port, config.host, () => {
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : config.port
  console.log(`listening on http://${config.host}:${port}`)
})

process.on('SIGTERM', () => server.close())
