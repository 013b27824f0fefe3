import type { FastifyInstance } from 'fastify'
import type { Figure } from 'portcullis/fastify'
import type { KeyFile } from './key-file.ts'
import { readKeyFileLater } from './key-file.ts'

/** ms between two looks. Its content is compared: a mounted secret is swapped by a symbolic link, which no watcher tells of. */
const EVERY_MS = 1_000
/** ms until a change is looked at again: what is being written reads otherwise a moment later. */
const AGAIN_AFTER_MS = 200
/** ms without a look after which the file counts as faulty: a mount that hangs answers nothing. */
const LATE_MS = 10_000

/** What a look at the file found: keys that a ring takes, or what is wrong with them. */
type Look = { readonly secrets: readonly string[] } | { readonly fault: string }

/** How the file of keys is. */
export interface KeyFileState {
  /** True when the file can't be used now, and the keys of before stay. */
  faulty(): boolean
}

/**
 * Follows a file of keys while the application runs, every second and at SIGHUP: keys that are good replace those of before,
 * keys that are not never do.
 *
 * @param reserved secrets of another purpose, which sign no token
 */
export const followKeyFile = (
  app: FastifyInstance,
  { path, secrets }: KeyFile,
  reserved: readonly string[],
): KeyFileState => {
  let current = secrets.join()
  let fault: string | undefined
  let lastLook = ''
  let lookedAt = Date.now()

  const settle = (look: Look): void => {
    if ('fault' in look) {
      if (look.fault !== fault) app.log.error({ fault: look.fault }, 'JWT_SECRET_FILE: the keys of before stay')
      fault = look.fault
      return
    }
    if (look.secrets.join() !== current) {
      app.portcullis.rotateKeys(look.secrets)
      current = look.secrets.join()
      app.log.warn({ keys: app.portcullis.keys() }, 'JWT_SECRET_FILE: the keys were replaced; the first signs')
    } else if (fault !== undefined) app.log.warn('JWT_SECRET_FILE: it can be used again, with the keys of before')
    fault = undefined
  }

  /** Looks once; answers how long to wait for the next look. */
  const look = async (): Promise<number> => {
    const found = await lookAt(path, reserved)
    lookedAt = Date.now()
    const text = JSON.stringify(found)
    // Only what reads alike twice counts: a file that is half written, up to the end of a key, looks like a good one.
    const changed = text !== lastLook
    lastLook = text
    if (!changed) settle(found)
    return changed ? AGAIN_AFTER_MS : EVERY_MS
  }

  let stopped = false
  let wake = (): void => {}
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve
      setTimeout(resolve, ms).unref()
    })
  const follow = async (): Promise<void> => {
    for (let wait = EVERY_MS; !stopped; wait = await look()) await pause(wait)
  }
  const atOnce = (): void => wake()

  app.addHook('onReady', async () => {
    process.on('SIGHUP', atOnce)
    follow()
  })
  app.addHook('onClose', async () => {
    stopped = true
    process.off('SIGHUP', atOnce)
    wake()
  })
  return { faulty: () => fault !== undefined || Date.now() - lookedAt > LATE_MS }
}

/** Whether the file can be used; nothing where none is followed. */
export const keyFileFigures = (file: KeyFileState | undefined): readonly Figure[] =>
  file === undefined
    ? []
    : [
        {
          name: 'portcullis_key_file_faulty',
          help: '1 when JWT_SECRET_FILE can not be used now, and the keys of before stay.',
          value: file.faulty() ? 1 : 0,
        },
      ]

const lookAt = async (path: string, reserved: readonly string[]): Promise<Look> => {
  try {
    const { secrets } = await readKeyFileLater(path)
    return secrets.some((secret) => reserved.includes(secret))
      ? { fault: 'a key has another purpose already: PASSWORD_PEPPER or METRICS_TOKEN' }
      : { secrets }
  } catch (error) {
    const { faults, message } = error as Error & { readonly faults?: readonly string[] }
    return { fault: faults?.join('; ') ?? message }
  }
}
