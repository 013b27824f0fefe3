/**
 * Git, run on a repository that somebody else may have written. Its own config can name programs: a file system monitor, hooks,
 * an external diff, a text converter, a signature checker, a transport for missing objects. None may run because somebody checks
 * a folder, so each is switched off here or by the arguments of the one command that could use it.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { patience } from './patience.ts'

const SAFE_CONFIG = [
  'core.fsmonitor=',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'core.quotePath=false',
  // A folder whose own files make it look like a bare repository would bring its own config along.
  'safe.bareRepository=explicit',
  'log.showSignature=false',
  'log.showRoot=true',
  'log.follow=false',
  'color.ui=false',
  'diff.external=',
  'diff.submodule=short',
  // Missing objects are not fetched: the transport is the repository's choice of program.
  'protocol.allow=never',
]

const environment = (): NodeJS.ProcessEnv => ({
  // What a hook or a script has set for its own repository must not point this one elsewhere.
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))),
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_TERMINAL_PROMPT: '0',
  GIT_PAGER: 'cat',
  LC_ALL: 'C',
})

export type Git = ChildProcessByStdio<null, Readable, Readable>

/** Git in the folder, without a shell; whoever starts it ends it. */
export const git = (folder: string, args: readonly string[], more: NodeJS.ProcessEnv = {}): Git =>
  spawn('git', ['--no-replace-objects', '--no-pager', ...SAFE_CONFIG.flatMap((one) => ['-c', one]), ...args], {
    cwd: folder,
    env: { ...environment(), ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  })

/** Its last words rather than its warnings. */
export const complaintOf = (text: string): string => {
  const lines = text.trim().split('\n')
  return lines.find((line) => line.startsWith('fatal:')) ?? lines[0] ?? ''
}

export type GitOutput = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string }

export const NOT_INSTALLED = 'git is not installed'

/** What git prints, or why there is nothing to read: no git, no repository, too slow, too much. */
export const gitOutput = (
  folder: string,
  args: readonly string[],
  { milliseconds = 15_000, bytes = 64 * 1024 * 1024 }: { milliseconds?: number; bytes?: number } = {},
): Promise<GitOutput> =>
  new Promise((resolve) => {
    const child = git(folder, args)
    const chunks: Buffer[] = []
    let size = 0
    let complaint = ''
    let stopped: string | undefined
    const stop = (why: string) => {
      stopped ??= why
      child.kill('SIGKILL')
    }
    const waiting = patience(milliseconds, () => stop(`git took over ${milliseconds / 1000} s`))
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > bytes) stop('git printed too much')
      else chunks.push(chunk)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      if (complaint.length < 2_000) complaint += chunk.toString()
    })
    const settle = (output: GitOutput) => {
      waiting.end()
      resolve(output)
    }
    child.on('error', () => settle({ ok: false, why: NOT_INSTALLED }))
    child.on('close', (code) => {
      if (stopped === undefined && code === 0) settle({ ok: true, text: Buffer.concat(chunks).toString() })
      else settle({ ok: false, why: stopped ?? (complaintOf(complaint) || `git ended with ${code}`) })
    })
  })
