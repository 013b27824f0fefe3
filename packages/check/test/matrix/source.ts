// What the checker says of an app from its source and its history, each in a repository of its own.

import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { check } from '../../src/checklist.ts'
import type { Observation } from '../../src/items/index.ts'
import { placed, removed } from '../apps/running.ts'
import type { Variant } from '../apps/variant.ts'

const AUTHOR = ['-c', 'user.name=A Tester', '-c', 'user.email=tester@example.com', '-c', 'commit.gpgsign=false']

const git = (folder: string, ...args: string[]): void => {
  execFileSync('git', [...AUTHOR, ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
}

const commit = (folder: string, message: string): void => {
  git(folder, 'add', '-A')
  git(folder, 'commit', '-q', '-m', message)
}

/** The app as somebody would clone it; what is in `history` was committed, and removed by the next commit. */
export const committed = (stack: string, variant?: Variant): string => {
  const folder = placed(stack, variant)
  const past = variant?.history ?? []
  git(folder, 'init', '-q', '-b', 'main')
  for (const { file, text } of past) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  commit(folder, 'Begin')
  for (const { file } of past) rmSync(join(folder, file))
  if (past.length > 0) commit(folder, 'Tidy up')
  return folder
}

export const fromSource = async (stack: string, variant?: Variant): Promise<readonly Observation[]> => {
  const folder = committed(stack, variant)
  try {
    return (await check({ folder })).observations
  } finally {
    removed(folder)
  }
}
