/** Which half of a repository runs in browsers, where nothing of it is a backend. */
import type { Package, Project } from '../project/index.ts'

const SERVER_PACKAGES = /^(?:express|fastify|hono|@hono\/.*|@nestjs\/core|koa|polka|h3|@fastify\/.*|portcullis)$/
const BROWSER_PACKAGES =
  /^(?:react|react-dom|vue|svelte|@angular\/core|next|nuxt|solid-js|preact|@sveltejs\/kit|astro)$/
/** They are both halves in one. */
const BOTH = /^(?:next|nuxt|@sveltejs\/kit|astro|@remix-run\/(?:node|server-runtime)|@react-router\/node)$/

/** A browser's half: its nearest manifest names a framework of browsers and none of servers, and the file nothing that runs on one. */
export const forBrowsers = (path: string, packages: readonly Package[], project: Pick<Project, 'read'>): boolean => {
  if (path.endsWith('.py')) return false
  const nearest = packages
    .filter((one) => one.folder === '' || path.startsWith(`${one.folder}/`))
    .sort((a, b) => b.folder.length - a.folder.length)[0]
  const names = nearest?.dependencies ?? []
  if (/(?:^|\/)(?:public|static|assets|vendor|wwwroot)\//.test(path)) return true
  const isApart =
    /(?:^|\/)(?:frontend|webapp|www)\//.test(path) ||
    (names.some((one) => BROWSER_PACKAGES.test(one)) && !names.some((one) => SERVER_PACKAGES.test(one)))
  return isApart && !(names.some((one) => BOTH.test(one)) && runsOnServer(project.read(path) ?? ''))
}

/** What no browser can import: it makes tokens, hashes passwords, asks a database, or answers requests. */
const ON_SERVER =
  /(?:\bfrom|\brequire\(|\bimport\()\s*['"](?:jsonwebtoken|jose|bcrypt(?:js)?|argon2|@node-rs\/(?:argon2|bcrypt)|oslo(?:\/[\w/]+)?|next\/(?:server|headers)|next-auth|iron-session|better-auth|server-only|node:[\w/]+|crypto|h3|@prisma\/client|@upstash\/(?:ratelimit|redis)|rate-limiter-flexible|ioredis|mongoose|pg)['"]/

const runsOnServer = (text: string): boolean => ON_SERVER.test(text) && !/^\s*['"]use client['"]/.test(text)
