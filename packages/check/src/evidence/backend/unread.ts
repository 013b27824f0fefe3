/** What of a program nobody read. A backend in a file that is too large, or too deep to be parsed, must not look like no backend. */
import { type Project, roleOf } from '../project/index.ts'
import type { Module } from '../source/index.ts'
import type { Unread } from './facts.ts'

/** Words without which a file is no part of a backend. */
const BACKEND = /\b(?:express|fastify|hono|@?nestjs|koa|fastapi|(?:api)?flask|connexion|jsonwebtoken|jose|jwt|cors)\b/i

/** Types alone, `wrangler types` writes half a megabyte of them: nothing of it runs. */
const DECLARATIONS = /\.d\.[cm]?ts$/

export const unreadOf = (
  project: Project,
  modules: readonly Module[],
  skipped: readonly string[],
): readonly Unread[] => [
  ...(project.why === undefined ? [] : [{ why: project.why }]),
  ...modules
    .filter((one) => one.broken && !DECLARATIONS.test(one.file) && BACKEND.test(one.text))
    .map(({ file }) => ({ file, why: 'it could not be parsed' })),
  ...skipped
    .filter(
      (file) => !DECLARATIONS.test(file) && roleOf(file) === 'program' && BACKEND.test(project.read(file) ?? 'express'),
    )
    .map((file) => ({ file, why: 'it is too large' })),
]
