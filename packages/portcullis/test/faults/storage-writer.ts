/**
 * A process that writes to a database without end and prints one line for each write that was acknowledged, until it is killed.
 * The lines are written by a synchronous call, so none is lost in a buffer.
 */
import { writeSync } from 'node:fs'
import { openStorage } from '../../src/storage/index.ts'
import { noon, sampleAccount, sampleEntry, sampleSession, sampleToken } from '../storage/samples.ts'

/** One acknowledged write: [what was done, the account it was done to]. */
export type Acknowledged = readonly [
  'ready' | 'registered' | 'role' | 'opened' | 'rotated' | 'password' | 'ended' | 'disabled',
  string,
]

const [url = '', round = ''] = process.argv.slice(2)
const say = (...line: Acknowledged) => writeSync(1, `${line.join(' ')}\n`)

const { accounts, sessions } = await openStorage(url)
say('ready', '')

const write = async (id: string): Promise<void> => {
  if ((await accounts.create(sampleAccount(id), sampleEntry(id))) !== 'created') throw new Error('taken')
  say('registered', id)
  await accounts.setRoles(id, ['admin'], sampleEntry(id, 'roles.changed'))
  say('role', id)
  await sessions.open(sampleSession(`${id} here`, id), sampleToken(`${id} first`, `${id} here`))
  await sessions.open(sampleSession(`${id} there`, id), sampleToken(`${id} other`, `${id} there`))
  say('opened', id)
  await sessions.rotate(`${id} first`, { ...sampleToken(`${id} second`, ''), issuedAt: noon }, null, noon)
  say('rotated', id)
  const changed = sampleEntry(id, 'password.changed')
  await accounts.setPassword(id, sampleAccount(id).passwordHash, 'new', `${id} here`, changed)
  say('password', id)
  await sessions.end(`${id} here`, id)
  say('ended', id)
  await accounts.setDisabled(id, true, sampleEntry(id, 'account.disabled'))
  say('disabled', id)
}

// Two at a time, so that a kill also falls between transactions that wait for each other.
const loop = async (lane: string): Promise<never> => {
  for (let n = 0; ; n++) {
    // Told to come back, or lost with the database: what was acknowledged before counts.
    await write(`${round}-${lane}-${n}`).catch((error) => {
      if (error.statusCode !== 503) throw error
    })
    // Without a turn of the event loop two lanes of promises would starve everything else.
    await new Promise((resolve) => setImmediate(resolve))
  }
}
await Promise.all([loop('a'), loop('b')])
