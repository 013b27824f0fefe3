import { buildApp } from './app.js'
import { config } from './config/index.js'

const app = await buildApp()
const address = await app.listen({ host: config.host, port: config.port })
console.log(`listening on ${address}`)

process.on('SIGTERM', () => app.close())
