/**
 * What `npm audit` says of the lock file. The folder may be hostile: its .npmrc can name another registry, a proxy, a certificate
 * and a token to send, and npm reads it wherever it runs. So npm runs in an empty folder of ours, with copies of the two files that
 * it needs and with no configuration but ours; only names and versions leave.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { patience, readText } from '../project/index.ts'

export interface Advisory {
  readonly name: string
  readonly severity: string
  readonly title: string
  readonly url: string
  /** The versions that have it. */
  readonly range: string
}

export interface Audit {
  readonly reachable: boolean
  readonly why?: string
  readonly advisories: readonly Advisory[]
}

const REGISTRY = 'https://registry.npmjs.org/'
const LARGEST_LOCK = 32 * 1024 * 1024
const MOST_OUTPUT = 32 * 1024 * 1024

export const auditOf = async (folder: string, { milliseconds = 8_000, registry = REGISTRY } = {}): Promise<Audit> => {
  const lock = readText(folder, 'package-lock.json', LARGEST_LOCK)
  if (lock === undefined) return { reachable: false, why: 'there is no package-lock.json', advisories: [] }
  const own = await mkdtemp(join(tmpdir(), 'portcullis-audit-'))
  try {
    await writeFile(join(own, 'package-lock.json'), lock)
    await writeFile(join(own, 'package.json'), manifestFor(lock))
    // Empty: so that npm looks for its folder's own no further.
    await writeFile(join(own, '.npmrc'), '')
    return readAudit(await npmAudit(own, registry, milliseconds))
  } catch {
    return { reachable: false, why: 'npm could not be run', advisories: [] }
  } finally {
    await rm(own, { recursive: true, force: true })
  }
}

/** The lock file's own copy of the manifest, without its scripts. */
const manifestFor = (lock: string): string => {
  try {
    const root = (JSON.parse(lock) as { packages?: Record<string, Record<string, unknown>> } | null)?.packages?.['']
    const kept = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const
    return JSON.stringify({
      name: 'audited',
      version: '0.0.0',
      ...Object.fromEntries(kept.map((key) => [key, root?.[key]])),
    })
  } catch {
    return '{}'
  }
}

/** Tokens and settings of whoever runs it stay out too: the public registry needs none. A proxy is how they reach it. */
const environment = (own: string): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) =>
      /^(?:PATH|SYSTEMROOT|TEMP|TMP|TMPDIR|LANG|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS)$/i.test(name),
    ),
  ),
  HOME: own,
})

const npmAudit = (own: string, registry: string, milliseconds: number): Promise<string | { why: string }> =>
  new Promise((resolve) => {
    const child = spawn(
      'npm',
      [
        'audit',
        '--json',
        '--package-lock-only',
        '--ignore-scripts',
        '--no-fund',
        '--no-update-notifier',
        '--fetch-retries=0',
        '--userconfig',
        join(own, '.user'),
        '--globalconfig',
        join(own, '.global'),
        '--cache',
        join(own, '.cache'),
        '--registry',
        registry,
      ],
      { cwd: own, env: environment(own), stdio: ['ignore', 'pipe', 'ignore'], detached: true, windowsHide: true },
    )
    const chunks: Buffer[] = []
    let size = 0
    let why: string | undefined
    const stop = (reason: string) => {
      why ??= reason
      try {
        // The whole group: npm is a script that starts another.
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      } catch {
        child.kill('SIGKILL')
      }
    }
    const waiting = patience(milliseconds, () => stop(`npm audit took over ${milliseconds / 1000} s`))
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > MOST_OUTPUT) stop('npm audit printed too much')
      else chunks.push(chunk)
    })
    child.on('error', () => {
      waiting.end()
      resolve({ why: 'npm is not installed' })
    })
    child.on('close', () => {
      waiting.end()
      resolve(why === undefined ? Buffer.concat(chunks).toString() : { why })
    })
  })

interface AuditOutput {
  readonly message?: unknown
  readonly error?: { readonly summary?: unknown; readonly code?: unknown }
  readonly vulnerabilities?: Readonly<Record<string, { readonly via?: unknown }>>
}

export const readAudit = (output: string | { why: string }): Audit => {
  if (typeof output !== 'string') return { reachable: false, why: output.why, advisories: [] }
  let read: AuditOutput | null
  try {
    read = JSON.parse(output) as AuditOutput | null
  } catch {
    return { reachable: false, why: 'npm audit printed no JSON', advisories: [] }
  }
  if (typeof read?.vulnerabilities !== 'object' || read.vulnerabilities === null)
    return {
      reachable: false,
      why: String(read?.error?.code || read?.error?.summary || read?.message || 'npm audit failed').slice(0, 300),
      advisories: [],
    }
  // `via` has an advisory itself, or the name of the dependency that has it.
  const found = Object.values(read.vulnerabilities)
    .flatMap(({ via }) => (Array.isArray(via) ? via : []))
    .flatMap(advisoryOf)
  const unique = new Map(found.map((one) => [`${one.name} ${one.url}`, one]))
  return { reachable: true, advisories: [...unique.values()] }
}

const advisoryOf = (via: unknown): readonly Advisory[] => {
  if (typeof via !== 'object' || via === null) return []
  const { name, severity, title, url, range } = via as Record<string, unknown>
  if (typeof name !== 'string' || typeof title !== 'string') return []
  return [{ name, title, severity: String(severity ?? 'unknown'), url: String(url ?? ''), range: String(range ?? '*') }]
}
