import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'

/** Debian's: python3-fastapi, uvicorn, python3-jose, python3-multipart, python3-websockets. */
export const python = '/usr/bin/python3'

// In CI they are installed, and their absence is a failure.
const has = (modules: string): boolean =>
  process.env['CI'] === 'true' || spawnSync(python, ['-c', `import ${modules}`]).status === 0

/** Why the article's application can't be run here; false where it can. */
export const noPython = (): string | false =>
  has('fastapi, uvicorn, jose, multipart')
    ? false
    : "Debian's python3-fastapi, uvicorn, python3-jose and python3-multipart are not here"

/** Why its WebSockets can't. */
export const noWebSockets = (): string | false =>
  noPython() || (has('websockets') ? false : 'python3-websockets is not here')

/** A port that was free a moment ago: the application has to know its origin before it listens. */
const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/**
 * Starts the application, until the test ends.
 *
 * @param env in addition: IDENTITY_SECRET gives it /me, and IDENTITY_AUDIENCE another origin than its own
 * @returns its origin
 */
export const startArticle = async (
  t: { after(end: () => Promise<void>): void },
  env: Readonly<Record<string, string>> = {},
): Promise<string> => {
  const port = await freePort()
  const child = spawn(python, ['-m', 'uvicorn', 'app:app', '--host', '127.0.0.1', '--port', String(port)], {
    cwd: import.meta.dirname,
    env: {
      PATH: process.env['PATH'],
      PYTHONDONTWRITEBYTECODE: '1',
      IDENTITY_AUDIENCE: `http://127.0.0.1:${port}`,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.after(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  return new Promise((resolve, reject) => {
    let said = ''
    const hear = (piece: string): void => {
      said += piece
      const [origin] = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(said) ?? []
      if (origin !== undefined) resolve(origin)
    }
    child.stdout.setEncoding('utf8').on('data', hear)
    child.stderr.setEncoding('utf8').on('data', hear)
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it listened:\n${said}`)))
  })
}
