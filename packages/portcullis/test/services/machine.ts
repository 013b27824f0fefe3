import { once } from 'node:events'
import { createServer } from 'node:net'

/** For the option `skip`: false, or a sentence. With REQUIRE_SERVICES=1 what is missing is a failure instead. */
export const skip = (missing: string | undefined): string | false => {
  if (missing === undefined) return false
  if (process.env['REQUIRE_SERVICES'] === '1') throw new Error(missing)
  return missing
}

/** A port of 127.0.0.1 that nobody listens on. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
