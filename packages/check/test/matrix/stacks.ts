// The five stacks, and how an app of each is started.

import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { variants as express } from '../apps/express/variants.ts'
import { variants as fastapi } from '../apps/fastapi/variants.ts'
import { variants as fastify } from '../apps/fastify/variants.ts'
import { variants as hono } from '../apps/hono/variants.ts'
import { variants as nest } from '../apps/nest/variants.ts'
import { ask, type Running, removed, started } from '../apps/running.ts'
import { installed, prepare as prepareFastapi } from '../apps/start-fastapi.ts'
import { prepare as prepareNest } from '../apps/start-nest.ts'
import type { Variant } from '../apps/variant.ts'

export interface Stack {
  readonly name: string
  readonly variants: readonly Variant[]
  readonly start: (folder: string) => Promise<Running>
}

type Prepare = (
  folder: string,
  build: string,
) => Promise<{ command: string; args: string[]; cwd: string; env: Record<string, string> }>

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

const answers = (port: number): Promise<boolean> =>
  ask(port, 'GET', '/health').then(
    ({ status }) => status === 200,
    () => false,
  )

/** For what doesn't say itself on which port it listens. */
const startedBy =
  (prepare: Prepare) =>
  async (folder: string): Promise<Running> => {
    const build = mkdtempSync(join(tmpdir(), 'build-'))
    const { command, args, cwd, env } = await prepare(folder, build)
    const port = await freePort()
    const secret = crypto.randomUUID() + crypto.randomUUID()
    const settings = { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: String(port), JWT_SECRET: secret }
    const child = spawn(command, args, { cwd, env: { ...settings, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (said += piece))
    const ended = new Promise((resolve) => child.once('exit', resolve))
    const stop = async (): Promise<void> => {
      child.kill('SIGKILL')
      await ended
      removed(build)
    }
    for (let waited = 0; waited < 60_000 && child.exitCode === null; waited += 100) {
      if (await answers(port)) return { port, url: `http://127.0.0.1:${port}`, stop }
      await sleep(100)
    }
    await stop()
    throw new Error(`no answer of the app:\n${said}`)
  }

export const stacks: readonly Stack[] = [
  { name: 'express', variants: express, start: started },
  { name: 'fastify', variants: fastify, start: started },
  { name: 'hono', variants: hono, start: started },
  { name: 'nest', variants: nest, start: startedBy(prepareNest) },
  { name: 'fastapi', variants: fastapi, start: startedBy(prepareFastapi) },
]

/** Why its apps can't run here; its source is judged all the same. In CI everything is installed, and its absence is a failure. */
export const unable = ({ name }: Stack): string | false =>
  name === 'fastapi' &&
  process.env['CI'] !== 'true' &&
  !installed() &&
  'NOT RUN: /usr/bin/python3 has no fastapi, uvicorn and jose (apt install python3-fastapi python3-uvicorn python3-jose)'
