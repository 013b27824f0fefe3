import type { Gateway } from './gateway.ts'
import type { Settings } from './settings.ts'

/** By the code of the error: which setting is wrong, and what to do. */
const sentences: Readonly<Record<string, (settings: Pick<Settings, 'HOST' | 'PORT'>) => string>> = {
  EADDRINUSE: () => 'The port is taken: end what listens there, or set PORT to another one.',
  EADDRNOTAVAIL: ({ HOST }) => `HOST ${JSON.stringify(HOST)} is no address of this machine: ${INSTEAD}`,
  ENOTFOUND: ({ HOST }) =>
    `HOST ${JSON.stringify(HOST)} is neither an address nor a name that is known here: ${INSTEAD}`,
  EAI_AGAIN: ({ HOST }) => `HOST ${JSON.stringify(HOST)} could not be looked up: ${INSTEAD}`,
  EINVAL: ({ HOST }) => `HOST ${JSON.stringify(HOST)} can't be listened on: ${INSTEAD}`,
  EACCES: ({ PORT }) => `PORT ${PORT} is not for this user: set it to one of 1024 or more.`,
}

const INSTEAD = 'set it to 127.0.0.1, to another address of this machine, or to 0.0.0.0 for all.'

/**
 * Listens where the settings say.
 *
 * @throws Error that names the setting, when it can't
 */
export const listen = async (gateway: Gateway, settings: Settings): Promise<string> => {
  try {
    return await gateway.listen()
  } catch (error) {
    const sentence = sentences[(error as NodeJS.ErrnoException).code ?? '']
    throw sentence === undefined ? error : new Error(sentence(settings), { cause: error })
  }
}
