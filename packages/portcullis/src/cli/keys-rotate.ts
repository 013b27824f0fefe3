import { readFileSync, statSync } from 'node:fs'
import { generateSecret } from '../layers/sessions/index.ts'
import type { Processes } from './processes.ts'
import { allHave, byHand } from './processes.ts'
import { replaceFile } from './replace-file.ts'
import { ringInUse } from './ring-in-use.ts'
import type { RotateOptions } from './rotate-options.ts'
import { quoted, readOptions, USAGE } from './rotate-options.ts'
import type { KeyText, Step } from './rotation.ts'
import { nextStep, readKeyText } from './rotation.ts'
import { writtenSteps } from './written-steps.ts'

/** What a rotation meets outside: time, the processes, and whoever reads along. */
export interface Surroundings {
  now(): number
  sleep(ms: number): Promise<void>
  ask: typeof ringInUse
  say(line: string): void
}

const real: Surroundings = {
  now: Date.now,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  ask: ringInUse,
  say: (line) => void process.stdout.write(`${line}\n`),
}

/** `portcullis keys rotate`: says each step of a rotation, does it on the file, and checks it on every process. */
export const rotate = async (args: readonly string[], surroundings: Surroundings = real): Promise<number> => {
  const options = readOptions(args)
  if (options === undefined) {
    surroundings.say(USAGE.trimEnd())
    return 0
  }
  const { file, urls, alg, minutes } = options
  if (file === undefined) {
    surroundings.say(writtenSteps(generateSecret(alg), minutes))
    return 0
  }
  const before = readFile(file)
  warnOfReaders(file, surroundings)
  return urls.length === 0
    ? oneStep({ ...options, file }, before, surroundings)
    : everyStep({ ...options, file }, before, surroundings)
}

type FileOptions = RotateOptions & { readonly file: string }

const everyStep = async (options: FileOptions, start: KeyText, surroundings: Surroundings): Promise<number> => {
  const { now, say } = surroundings
  const processes: Processes = { urls: options.urls, token: metricsToken(), seconds: options.seconds, surroundings }
  say(`${options.file}: ${counted(start.names.length, 'key')}. It may be stopped at any moment and run again.`)
  await allHave(processes, start.names)
  for (let file = start; ; ) {
    const step = nextStep(file, { ...stepOptions(options, file), now: now() })
    await waited(step, surroundings)
    file = write(options.file, file, step, say)
    const took = await allHave(processes, file.names)
    say(`  checked: ${counted(options.urls.length, 'process', 'processes')}, after ${(took / 1000).toFixed(1)} s`)
    if (step.last) break
  }
  say('Done. The file holds the new key alone.')
  return 0
}

const oneStep = (options: FileOptions, file: KeyText, { now, say }: Surroundings): number => {
  const step = nextStep(file, { ...stepOptions(options, file), now: now() })
  if (step.notBefore > now())
    throw new Error(
      `Too early, nothing was done: run it again from ${new Date(step.notBefore).toISOString()} on, ${step.why}.`,
    )
  const after = write(options.file, file, step, say)
  say(byHand(after.names))
  if (step.last) {
    say('That was the last step.')
    return 0
  }
  const { notBefore, why } = nextStep(after, { ...stepOptions(options, after), now: now() })
  say(`When that is so, the next step: ${command(options)}`)
  if (notBefore > now()) say(`  from ${new Date(notBefore).toISOString()} on, ${why}`)
  return 0
}

const stepOptions = ({ alg, minutes, retireNow }: RotateOptions, { names }: KeyText) => ({
  tokenMinutes: minutes,
  retireNow,
  newSecret: () => generateSecret(alg ?? names[0]?.alg),
})

const write = (path: string, file: KeyText, step: Step, say: (line: string) => void): KeyText => {
  let done: ReturnType<typeof replaceFile>
  try {
    done = replaceFile(path, file.text, step.text)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EROFS') throw error
    throw new Error(
      `${path} is on a read-only mount: run this on the file that it is made from, and put that in its place after each step.`,
    )
  }
  say(step.says)
  if (done === 'in place')
    say(
      `  ${path} can't be replaced where it is (a mount, or a folder or an owner that is not yours): it was written in place`,
    )
  return readKeyText(step.text)
}

const waited = async (step: Step, { now, sleep, say }: Surroundings): Promise<void> => {
  for (let left = step.notBefore - now(); left > 0; left = step.notBefore - now()) {
    const time = left < 60_000 ? `${Math.ceil(left / 1000)} s` : `${Math.ceil(left / 60_000)} min`
    say(`  waiting for ${time}: it goes on ${step.why}`)
    await sleep(Math.min(left, 60_000))
  }
}

const readFile = (path: string): KeyText => {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new Error(
      `${path} can't be read (${(error as NodeJS.ErrnoException).code}). To make it with its first key: (umask 077; npx portcullis keys > ${quoted(path)})`,
    )
  }
  try {
    return readKeyText(text)
  } catch (error) {
    throw new Error(`${path} holds no key ring. ${(error as Error).message}`)
  }
}

const warnOfReaders = (path: string, { say }: Surroundings): void => {
  const mode = statSync(path).mode & 0o777
  if ((mode & 0o077) !== 0)
    say(`Others on this machine may read ${path} (mode 0${mode.toString(8)}): chmod 600 unless they have to.`)
}

const metricsToken = (): string => {
  const token = process.env['METRICS_TOKEN'] ?? ''
  if (token === '')
    throw new Error('METRICS_TOKEN is not set: give it the one that the processes were started with, to ask /metrics.')
  return token
}

const command = ({ file, minutes, retireNow }: FileOptions): string =>
  [
    `npx portcullis keys rotate --file ${quoted(file)}`,
    ...(minutes === 15 ? [] : [`--token-minutes ${minutes}`]),
    ...(retireNow ? ['--retire-now'] : []),
  ].join(' ')

const counted = (count: number, one: string, several = `${one}s`): string => `${count} ${count === 1 ? one : several}`
