/**
 * The steps of a rotation, as pure functions: from the text of a file of keys to the next one. A note in the file says how far it
 * is, so that it can be interrupted at any moment, and gone on with by somebody else.
 */
import type { KeyName } from '../layers/sessions/index.ts'
import { JWKS_SECONDS, keyRing, secretsIn } from '../layers/sessions/index.ts'

/** How far the new key is: in the file, known to everybody who verifies, put first, signing in every process. */
type Stage = 'added' | 'known' | 'first' | 'signs'

interface Note {
  readonly kid: string
  readonly stage: Stage
  /** ms since the epoch */
  readonly at: number
}

/** A file of keys, read. */
export interface KeyText {
  readonly text: string
  readonly names: readonly KeyName[]
}

/** What is done next. */
export interface Step {
  /** What it does, as a sentence. */
  readonly says: string
  /** ms since the epoch before which it would refuse somebody. */
  readonly notBefore: number
  /** Why it has to wait. */
  readonly why: string
  /** The file's text afterwards. */
  readonly text: string
  readonly last: boolean
}

/** What the next step goes by. */
export interface RotationOptions {
  readonly now: number
  /** Minutes an access token lives. */
  readonly tokenMinutes: number
  /** For a key that leaked: nobody is waited for. */
  readonly retireNow: boolean
  newSecret(): string
}

const NOTE = /^# portcullis keys rotate: ([\w-]{1,100}) (added|known|first|signs) (\S{1,40})$/

/** @throws KeyRingError when the keys can't be used */
export const readKeyText = (text: string): KeyText => ({ text, names: keyRing(secretsIn(text)).names })

/**
 * What comes next for this file. Without a note a rotation begins: a new key, and every other one out at its end.
 *
 * @throws KeyRingError when the file's keys can't be used
 */
export const nextStep = ({ text, names }: KeyText, options: RotationOptions): Step => {
  const { now, retireNow } = options
  const note = noteIn(text)
  const at = names.findIndex(({ kid }) => kid === note?.kid)
  if (note === undefined || at < 0 || names.length === 1) return add(text, options)
  const secrets = secretsIn(text)
  const own = secrets[at] ?? ''
  const others = secrets.filter((_, index) => index !== at)
  const reached = (stage: Stage): Note => ({ kid: note.kid, stage, at: now })
  // A clock that was set back must not make it wait for longer.
  const since = Math.min(note.at, now)

  if (at > 0) {
    const cached = names[at]?.alg !== 'HS256' && !retireNow
    if (cached && note.stage !== 'known')
      return {
        ...step(text, secrets, reached('known')),
        says: 'step 1 of 4: every process knows it; whoever keeps the public keys has yet to fetch them again',
      }
    return {
      ...step(text, [own, ...others], reached('first')),
      says: `step 2 of 4: ${note.kid} is put first, and signs`,
      notBefore: cached ? since + JWKS_SECONDS * 1_000 : 0,
      why: 'when whoever verifies elsewhere has fetched the public keys again',
    }
  }
  if (note.stage !== 'signs' && !retireNow)
    return {
      ...step(text, secrets, reached('signs')),
      says: `step 3 of 4: every process signs with it; tokens of the other keys live for ${options.tokenMinutes} min at the most`,
    }
  return {
    ...step(text, [own], undefined),
    says: `step 4 of 4: ${others.length === 1 ? 'the other key is' : `the ${others.length} other keys are`} taken out, and refused`,
    notBefore: retireNow ? 0 : since + options.tokenMinutes * 60_000,
    why: 'when the last token of the other keys has expired',
    last: true,
  }
}

const add = (text: string, { now, newSecret }: RotationOptions): Step => {
  const secret = newSecret()
  const { kid, alg } = keyRing([secret]).signing
  return {
    ...step(text, [...secretsIn(text), secret], { kid, stage: 'added', at: now }),
    says: `step 1 of 4: a new key, ${kid} (${alg}), is put last: it verifies and does not sign yet`,
  }
}

const step = (text: string, secrets: readonly string[], note: Note | undefined): Omit<Step, 'says'> => ({
  text: `${[...noted(note), ...remarks(text), ...secrets].join('\n')}\n`,
  notBefore: 0,
  why: '',
  last: false,
})

const noted = (note: Note | undefined): readonly string[] =>
  note === undefined ? [] : [`# portcullis keys rotate: ${note.kid} ${note.stage} ${new Date(note.at).toISOString()}`]

const noteIn = (text: string): Note | undefined => {
  const [, kid = '', stage, time = ''] =
    lines(text)
      .map((line) => NOTE.exec(line))
      .find((match) => match !== null) ?? []
  const at = Date.parse(time)
  return stage === undefined || Number.isNaN(at) ? undefined : { kid, stage: stage as Stage, at }
}

/** What somebody else wrote between the keys is kept, above them. */
const remarks = (text: string): readonly string[] =>
  lines(text).filter((line) => /^#(\s|$)/.test(line) && !line.startsWith('# portcullis keys rotate: '))

const lines = (text: string): readonly string[] => text.split(/[\r\n]+/).map((line) => line.trim())
