import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'

/** Debian's: python3-fastapi, uvicorn, python3-jose, python3-multipart, python3-websockets. */
export const python = '/usr/bin/python3'

const has = (modules: string): boolean => spawnSync(python, ['-c', `import ${modules}`]).status === 0

/** Why the article's application can't be run here; false where it can. */
export const noPython = (): string | false =>
  has('fastapi, uvicorn, jose, multipart')
    ? false
    : "Debian's python3-fastapi, uvicorn, python3-jose and python3-multipart are not here"

/** Why its WebSockets can't. */
export const noWebSockets = (): string | false =>
  noPython() || (has('websockets') ? false : 'python3-websockets is not here')

/**
 * Starts the application on a port that the system chooses, until the test ends.
 *
 * @param env in addition: IDENTITY_SECRET and IDENTITY_AUDIENCE give it /me
 * @returns its origin
 */
export const startArticle = async (
  t: { after(end: () => Promise<void>): void },
  env: Readonly<Record<string, string>> = {},
): Promise<string> => {
  const child = spawn(python, ['-m', 'uvicorn', 'app:app', '--host', '127.0.0.1', '--port', '0'], {
    cwd: import.meta.dirname,
    env: { PATH: process.env['PATH'], PYTHONDONTWRITEBYTECODE: '1', ...env },
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
