/** Where a program is told to listen. */
interface Place {
  readonly HOST: string
  readonly PORT: number
}

const INSTEAD = 'set it to 127.0.0.1, to another address of this machine, or to 0.0.0.0 for all.'

/** By the code of the error: which setting is wrong, and what to do. */
const sentences: Readonly<Record<string, (place: Place) => string>> = {
  EADDRINUSE: () => 'The port is taken: end what listens there, or set PORT to another one.',
  EADDRNOTAVAIL: ({ HOST }) => `HOST ${JSON.stringify(HOST)} is no address of this machine: ${INSTEAD}`,
  ENOTFOUND: ({ HOST }) =>
    `HOST ${JSON.stringify(HOST)} is neither an address nor a name that is known here: ${INSTEAD}`,
  EAI_AGAIN: ({ HOST }) => `HOST ${JSON.stringify(HOST)} could not be looked up: ${INSTEAD}`,
  EINVAL: ({ HOST }) => `HOST ${JSON.stringify(HOST)} can't be listened on: ${INSTEAD}`,
  EACCES: ({ PORT }) => `PORT ${PORT} is not for this user: set it to one of 1024 or more.`,
}

/** What to throw instead of an error of `listen`: one that names the setting, where that is known; the error itself otherwise. */
export const listenError = (error: unknown, place: Place): unknown => {
  const sentence = sentences[(error as NodeJS.ErrnoException).code ?? '']
  return sentence === undefined ? error : new Error(sentence(place), { cause: error })
}
