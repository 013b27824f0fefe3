// Puts an app, or a variant of it, into a folder of its own, and runs it there.

import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { type IncomingHttpHeaders, request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { AddedFile, Edit, Variant } from './variant.ts'

const NODE_MODULES = join(import.meta.dirname, '../../../../node_modules')

const written = (folder: string, { file, text }: AddedFile): void => {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), text)
}

const edited = (folder: string, { file, find, replace }: Edit): void => {
  const parts = readFileSync(join(folder, file), 'utf8').split(find)
  if (parts.length !== 2) throw new Error(`${file} holds ${parts.length - 1} times, not once:\n${find}`)
  writeFileSync(join(folder, file), parts.join(replace))
}

// The app's files alone: what describes its variants is no part of it. `history` is left to who makes the commits.
export const placed = (stack: string, variant?: Variant): string => {
  const folder = mkdtempSync(join(tmpdir(), `app-${stack}-`))
  const own = join(import.meta.dirname, stack, 'variants.ts')
  cpSync(join(import.meta.dirname, stack), folder, { recursive: true, filter: (file) => file !== own })
  for (const edit of variant?.edits ?? []) edited(folder, edit)
  for (const file of variant?.adds ?? []) written(folder, file)
  return folder
}

export type Running = { port: number; url: string; stop: () => Promise<void> }

const stopped = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}

const listening = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    let said = ''
    const hear = (piece: string): void => {
      said += piece
      const port = /listening on http:\/\/\S+:(\d+)/.exec(said)?.[1]
      if (port) resolve(Number(port))
    }
    child.stdout?.setEncoding('utf8').on('data', hear)
    child.stderr?.setEncoding('utf8').on('data', hear)
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it listened:\n${said}`)))
  })

// Starts a Node app on a port that the system chooses, with a fresh secret.
export const started = async (folder: string, env: Record<string, string> = {}): Promise<Running> => {
  const modules = join(folder, 'node_modules')
  if (!existsSync(modules)) symlinkSync(NODE_MODULES, modules)
  const entry = ['src/server.ts', 'src/server.js'].find((file) => existsSync(join(folder, file))) ?? 'src/server.ts'
  const secret = crypto.randomUUID() + crypto.randomUUID()
  const child = spawn(process.execPath, [entry], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', JWT_SECRET: secret, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const port = await listening(child).catch(async (error: unknown) => {
    await stopped(child)
    throw error
  })
  return { port, url: `http://127.0.0.1:${port}`, stop: () => stopped(child) }
}

export const removed = (folder: string): void => rmSync(folder, { recursive: true, force: true })

export type Answer = { status: number; headers: IncomingHttpHeaders; text: string }

export type Asked = { token?: string; json?: unknown; body?: string; headers?: Record<string, string>; from?: string }

// `from` is another address of the loopback network: another client, as far as the app can tell.
export const ask = (port: number, method: string, path: string, asked: Asked = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const body = asked.body ?? (asked.json === undefined ? undefined : JSON.stringify(asked.json))
    const headers = {
      ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      ...(asked.token && { authorization: `Bearer ${asked.token}` }),
      ...asked.headers,
    }
    const localAddress = asked.from ?? '127.0.0.1'
    const sent = request({ host: '127.0.0.1', port, method, path, headers, localAddress, agent: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (piece: string) => {
        text += piece
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
