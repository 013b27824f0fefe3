/** A headless Chromium that shows one file, alone: no network, a profile of its own. */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

export interface Shown {
  readonly dom: string
  /** What the page and its policy complained of. */
  readonly console: readonly string[]
}

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
  '--enable-logging=stderr',
  '--v=0',
]

const run = (arguments_: readonly string[]): Promise<{ readonly out: string; readonly err: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(chromium ?? 'chromium', arguments_, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0
        ? resolve({ out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() })
        : reject(new Error(`chromium ended with ${code}: ${Buffer.concat(err)}`)),
    )
  })

/** Opens a file and returns its DOM as it is then; `screenshot` is a path to write to instead. */
export const show = async (file: string, more: readonly string[] = ['--dump-dom']): Promise<Shown> => {
  const profile = mkdtempSync(join(tmpdir(), 'portcullis-check-chromium-'))
  try {
    const { out, err } = await run([...FLAGS, `--user-data-dir=${profile}`, ...more, `file://${file}`])
    return { dom: out, console: err.split('\n').filter((line) => line.includes(':CONSOLE')) }
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}
