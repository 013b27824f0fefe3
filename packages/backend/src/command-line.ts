import { parseArgs } from 'node:util'
import { nearest } from 'portcullis/settings'

export const USAGE = `npm start      starts the backend; what is missing or unsafe stops it, all said at once
npm run dev    starts it for development: the secret that is missing is made, and it says what it does

  --development  what npm run dev gives; never in production
  --help         this text

Settings are variables: PORT=3001 npm run dev. All of them are in docs/settings.md.
`

const OPTIONS = {
  development: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** @throws Error with a sentence for what is no option: somebody believes to have set something */
export const readCommandLine = (args: readonly string[]): { readonly development: boolean; readonly help: boolean } => {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values
  } catch (error) {
    const [sentence = ''] = (error as Error).message.split('. ')
    const typed = /^Unknown option '--([\w-]+)/.exec(sentence)?.[1]
    const meant = typed === undefined ? undefined : nearest(typed, Object.keys(OPTIONS))
    throw new Error(
      `${sentence}; ${meant === undefined ? 'settings are variables: PORT=3001 npm run dev' : `did you mean --${meant}?`}`,
    )
  }
}
