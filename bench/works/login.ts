import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { built } from '../built.ts'
import { send } from '../load.ts'
import { folder, startBackend, UNLIMITED } from '../ready-backend.ts'
import { ratios, spreadText } from '../statistics.ts'
import { Servers, type Work } from './work.ts'

/** Hashes in flight, as the library has it by default: a core, and a thread of libuv's four, are left for everything else. */
const PARALLEL = Math.max(1, Math.min(availableParallelism(), 4) - 1)

const ALONE = built('alone', 'argon2.ts')
const PERSON = { email: 'ada@example.com', username: 'ada', password: 'correct horse battery' }

const register = async (port: number): Promise<void> => {
  const body = JSON.stringify(PERSON)
  const headers = { 'content-type': 'application/json' }
  const { status } = await fetch(`http://127.0.0.1:${port}/auth/register`, { method: 'POST', headers, body })
  if (status !== 201) throw new Error(`registration was answered by ${status}`)
}

/** Logins a second of the ready backend, beside what the hash alone allows. Neither is kept to one core: both may use all but one. */
export const login: Work = {
  name: 'login',
  run: async ({ rounds, seconds }) => {
    await using servers = new Servers()
    const backend = await startBackend(folder(servers), { env: UNLIMITED, pin: false })
    servers.after(() => backend.stop())
    await register(backend.port)
    const { username: _, ...credentials } = PERSON
    const logIn = async (): Promise<number> => {
      const headers = { 'content-type': 'application/json' }
      const body = JSON.stringify(credentials)
      const answered = await send({
        port: backend.port,
        requests: [{ method: 'POST', path: '/auth/login', headers, body }],
        seconds,
        connections: 4 * PARALLEL,
      })
      if (answered.refused + answered.lost > 0)
        throw new Error(`${answered.refused} logins were refused, ${answered.lost} not answered`)
      return answered.perSecond
    }
    const hash = (): number =>
      Number(execFileSync(process.execPath, [ALONE, String(PARALLEL), String(seconds)], { encoding: 'utf8' }))

    await logIn()
    const [logins, hashes]: [number[], number[]] = [[], []]
    for (let round = 0; round < rounds; round += 1) {
      hashes.push(hash())
      logins.push(await logIn())
    }
    return {
      title: 'Login',
      about: `POST /auth/login of the ready backend on SQLite, each successful, beside argon2id alone (m = 19456 KiB, t = 2, p = 1); ${PARALLEL} in flight in both.`,
      table: {
        head: ['', 'a second'],
        rows: [
          ['argon2id alone', spreadText(hashes)],
          ['logins', spreadText(logins)],
        ],
      },
      figures: { login: ratios(logins, hashes) },
    }
  },
}
