/** Who is measured. */
import { spawnSync } from 'node:child_process'
import { built } from './built.ts'
import type { Tokens } from './tokens.ts'
import { ownTokens, sessionTokens, usualTokens } from './tokens.ts'

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
  /** In which of the works that all contend in; in none when it has a work of its own. */
  readonly contends?: readonly ('get' | 'post' | 'first')[]
  /** Why it can't run here; undefined when it can. */
  missing?(): string | undefined
}

const program = (file: string): readonly string[] => [process.execPath, '--expose-gc', built('contenders', file)]

/** Debian's: python3-fastapi, uvicorn, python3-jose. */
export const PYTHON = '/usr/bin/python3'

const article: readonly string[] = [PYTHON, built('contenders', 'article.py')]

const withoutPython = (): string | undefined =>
  spawnSync(PYTHON, ['-c', 'import fastapi, jose, uvicorn']).status === 0
    ? undefined
    : 'its Python packages are not installed (apt-get install python3-fastapi uvicorn python3-jose)'

/** Those that keep limits in Redis and users in PostgreSQL; they answer GET alone. */
export const storeContenders = {
  ours: {
    name: 'ours',
    title: '**Portcullis in Fastify**, openRedis and openStorage',
    command: program('ours-stores.ts'),
    tokens: ownTokens,
    packages: ['fastify', 'ioredis', 'pg', 'kysely'],
  },
  fastify: {
    name: 'fastify',
    title: 'Fastify, @fastify/jwt (cache on), rate-limit on Redis, a lookup in PostgreSQL, cors, helmet',
    command: program('fastify-stores.ts'),
    tokens: usualTokens,
    packages: ['fastify', '@fastify/jwt', '@fastify/rate-limit', 'ioredis', 'pg'],
  },
} as const satisfies Readonly<Record<string, Contender>>

/** All of them, in the order they take turns in. */
export const contenders = {
  node: {
    name: 'node',
    title: 'node:http, not secured',
    command: program('node.ts'),
    contends: ['get', 'post'],
    tokens: undefined,
    packages: [],
  },
  bare: {
    name: 'bare',
    title: 'Fastify, not secured',
    command: program('bare.ts'),
    contends: ['get', 'post', 'first'],
    tokens: undefined,
    packages: ['fastify'],
  },
  'bare-tuned': {
    name: 'bare-tuned',
    title: "the same, with Node's option optimizeEmptyRequests and a tick that is kept",
    command: [...program('bare.ts'), '--tuned'],
    contends: ['get', 'post', 'first'],
    tokens: undefined,
    packages: [],
  },
  ours: {
    name: 'ours',
    title: '**Portcullis in Fastify**',
    command: program('ours.ts'),
    contends: ['get', 'post', 'first'],
    tokens: ownTokens,
    packages: ['fastify', 'zod'],
  },
  fastify: {
    name: 'fastify',
    title: 'Fastify, @fastify/jwt (cache on), rate-limit, cors, helmet, ajv',
    command: program('fastify.ts'),
    contends: ['get', 'post', 'first'],
    tokens: usualTokens,
    packages: ['fastify', '@fastify/jwt', '@fastify/rate-limit', '@fastify/cors', '@fastify/helmet'],
  },
  express: {
    name: 'express',
    title: 'Express, jsonwebtoken, express-rate-limit, cors, helmet, zod',
    command: program('express.ts'),
    contends: ['get', 'post', 'first'],
    tokens: usualTokens,
    packages: ['express', 'jsonwebtoken', 'express-rate-limit', 'cors', 'helmet', 'zod'],
  },
  hono: {
    name: 'hono',
    title: 'Hono, its jwt, cors and secureHeaders, hono-rate-limiter, zod',
    command: program('hono.js'),
    contends: ['get', 'post', 'first'],
    tokens: usualTokens,
    packages: ['hono', '@hono/node-server', 'hono-rate-limiter', '@hono/zod-validator', 'zod'],
  },
  nest: {
    name: 'nest',
    title: 'NestJS on Fastify, its jwt, throttler and ValidationPipe, helmet',
    command: program('nest.ts'),
    contends: ['get', 'post'],
    tokens: usualTokens,
    packages: [
      '@nestjs/core',
      '@nestjs/platform-fastify',
      '@nestjs/jwt',
      '@nestjs/throttler',
      'class-validator',
      'class-transformer',
    ],
  },
  'better-auth': {
    name: 'better-auth',
    title: "Fastify, better-auth's session check, rate-limit, cors, helmet, ajv",
    command: program('better-auth.js'),
    contends: ['get', 'post'],
    tokens: sessionTokens,
    packages: ['fastify', 'better-auth', '@fastify/rate-limit', '@fastify/cors', '@fastify/helmet'],
  },
  fastapi: {
    name: 'fastapi',
    title: "the article's FastAPI: uvicorn, python-jose, pydantic; its headers by bare ASGI",
    command: article,
    contends: ['get', 'post'],
    tokens: usualTokens,
    packages: [],
    missing: withoutPython,
  },
  'fastapi-decorator': {
    name: 'fastapi-decorator',
    title: "the same, its headers by @app.middleware, as FastAPI's tutorial has it",
    command: [...article, '--decorator'],
    contends: ['get'],
    tokens: usualTokens,
    packages: [],
    missing: withoutPython,
  },
} as const satisfies Readonly<Record<string, Contender>>

export type ContenderName = keyof typeof contenders
