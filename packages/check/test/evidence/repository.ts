/** A git repository in a temporary folder, for one test. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'

export interface Repository {
  readonly folder: string
  readonly git: (...args: string[]) => string
  readonly write: (files: Readonly<Record<string, string | Buffer>>) => void
  readonly commit: (files: Readonly<Record<string, string | Buffer>>) => void
}

export const temporaryFolder = (t: TestContext): string => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'portcullis-check-')))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export const writeFiles = (folder: string, files: Readonly<Record<string, string | Buffer>>): void => {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
}

export const repository = (t: TestContext): Repository => {
  const folder = temporaryFolder(t)
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  git('init', '-q', '-b', 'main')
  git('config', 'user.name', 'A Tester')
  git('config', 'user.email', 'tester@example.com')
  git('config', 'commit.gpgsign', 'false')
  const write = (files: Readonly<Record<string, string | Buffer>>) => writeFiles(folder, files)
  return {
    folder,
    git,
    write,
    commit: (files) => {
      write(files)
      git('add', '-A', '-f')
      git('commit', '-q', '--allow-empty', '-m', 'A change')
    },
  }
}
