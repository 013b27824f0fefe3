/** Who is measured. */
import { join } from 'node:path'
import type { Tokens } from './tokens.ts'
import { ownTokens, usualTokens } from './tokens.ts'

/** A server that does the same work as the others. */
export interface Contender {
  readonly name: string
  /** What it is made of. */
  readonly title: string
  readonly command: readonly string[]
  /** Undefined: it asks nobody who they are. */
  readonly tokens: Tokens | undefined
  /** The packages whose versions are told. */
  readonly packages: readonly string[]
  /** Why it can't run here; undefined when it can. */
  missing?(): string | undefined
}

const program = (name: string): readonly string[] => [
  process.execPath,
  join(import.meta.dirname, 'contenders', `${name}.ts`),
]

/** All of them, in the order they take turns in. */
export const contenders = {
  node: {
    name: 'node',
    title: 'node:http, not secured',
    command: program('node'),
    tokens: undefined,
    packages: [],
  },
  bare: {
    name: 'bare',
    title: 'Fastify, not secured',
    command: program('bare'),
    tokens: undefined,
    packages: ['fastify'],
  },
  ours: {
    name: 'ours',
    title: '**Portcullis in Fastify**',
    command: program('ours'),
    tokens: ownTokens,
    packages: ['fastify', 'zod'],
  },
  fastify: {
    name: 'fastify',
    title: 'Fastify, @fastify/jwt (cache on), rate-limit, cors, helmet, ajv',
    command: program('fastify'),
    tokens: usualTokens,
    packages: ['fastify', '@fastify/jwt', '@fastify/rate-limit', '@fastify/cors', '@fastify/helmet'],
  },
} as const satisfies Readonly<Record<string, Contender>>

export type ContenderName = keyof typeof contenders
