/** The files of a program that its parser would not come back from, tried in one process of their own: a thousand such files are no more than one. */
import { type ChildProcess, fork } from 'node:child_process'
import { mayNestTooDeep } from './nesting.ts'

interface Text {
  readonly file: string
  readonly text: string
}

const MOST_RESTARTS = 10
const MILLISECONDS = 8_000

/** The files among these that cannot be parsed. */
export const deadlyOf = async (texts: readonly Text[]): Promise<ReadonlySet<string>> => {
  const deadly = new Set<string>()
  const until = performance.now() + MILLISECONDS
  let left = texts.filter(({ text }) => mayNestTooDeep(text))
  for (let starts = 0; left.length > 0; starts += 1) {
    const done = starts > MOST_RESTARTS ? 0 : await parsedOf(left, until - performance.now())
    if (done >= left.length) break
    const [last] = left.slice(done)
    if (last !== undefined) deadly.add(last.file)
    left = left.slice(done + 1)
  }
  return deadly
}

const TRIAL = new URL(`./trial${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)

/** How many of them, from the first, a process of its own survived. */
const parsedOf = (texts: readonly Text[], milliseconds: number): Promise<number> =>
  new Promise((resolve) => {
    if (milliseconds <= 0) return resolve(0)
    let done = 0
    const child: ChildProcess = fork(TRIAL, {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds)
    child.on('message', () => {
      done += 1
      const next = texts[done]
      if (next === undefined) child.disconnect()
      else child.send(next, () => {})
    })
    const settle = () => {
      clearTimeout(timer)
      resolve(done)
    }
    child.on('error', settle)
    child.on('exit', settle)
    child.send(texts[0] as Text, () => {})
  })
