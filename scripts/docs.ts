/** Writes the pages of docs/ that are made from tables. With --check it writes nothing and says which are out of date. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { problems } from 'portcullis'
import type { Setting } from 'portcullis/settings'
import { table } from '../packages/backend/src/settings.ts'
import { table as gatewayTable } from '../packages/gateway/src/settings.ts'

const rowsOf = (settings: Readonly<Record<string, Setting<unknown>>>): string =>
  Object.entries(settings)
    .map(([name, setting]) => {
      const fallback =
        setting.required === true
          ? '**required**'
          : setting.default === undefined || setting.default === ''
            ? '(none)'
            : `\`${setting.default}\``
      return `| \`${name}\` | ${setting.what} | ${fallback} | ${setting.unit ?? ''} | ${setting.bounds} |`
    })
    .join('\n')

const settingsPage = (): string => `# Settings of the ready backend

From the environment; an empty variable counts as not given. All faults are listed at once, and the process exits with 1. This page
is made from the table that checks them (\`packages/backend/src/settings.ts\`).

| variable | what | default | unit | takes |
|---|---|---|---|---|
${rowsOf(table)}

In production a fault that breaks [the checklist](check.md) says which item: \`[cors: Only listed origins may read answers in a browser]\`.
\`ACCESS_TOKEN_MINUTES=60\` is refused there too, under 60 is asked for. \`LIMIT_CREDENTIALS\` or \`LIMIT_ACCOUNT\` above 100 a minute is no
limit to the checklist: the start says so, and goes on.

\`JWT_SECRET\`, \`PASSWORD_PEPPER\` and \`METRICS_TOKEN\` must all be different: one purpose a key.

In development (\`npm run dev\`, asked for by \`--development\`) \`JWT_SECRET\` may be missing: one is made and kept beside the database, mode
0600. \`LOG_LEVEL\` is \`warn\` there, \`debug\` and \`trace\` are allowed, and /docs and /openapi.json are open.
`

const gatewaySettingsPage = (): string => `# Settings of the gateway

From the environment; an empty variable counts as not given, and an option of the command (\`--upstream\`, \`--port\` …) goes before its
variable. All faults are listed at once, and the process exits with 1. This page is made from the table that checks them
(\`packages/gateway/src/settings.ts\`); what opens routes is in [gateway.json](gateway.md#gatewayjson).

| variable | what | default | unit | takes |
|---|---|---|---|---|
${rowsOf(gatewayTable)}

In development (\`--development\`) the secrets may be missing: they are made and kept beside the database, mode 0600; \`LOG_LEVEL\` is \`warn\`,
\`debug\` and \`trace\` are allowed. Outside of it \`UPSTREAM\` over plain http must be this machine or a private network.
`

const problemsPage = (): string => {
  const rows = Object.entries(problems).map(([code, problem]) => {
    const type = 'type' in problem ? problem.type : `urn:portcullis:problem:${code}`
    return `| ${problem.status} | \`${code}\` | \`${type}\` | ${problem.detail} |`
  })
  return `# Problems

Every refusal is \`application/problem+json\` (RFC 9457) with \`type\`, \`title\`, \`status\` and \`detail\`. The detail is fixed text: nothing of a
request is echoed. \`errors\` names refused fields by JSON pointer; \`violated-policies\` names the quotas that were used up. A code keeps
its meaning for good. This page is made from the table that answers (\`packages/portcullis/src/response/problems.ts\`).

| status | code | type | detail |
|---|---|---|---|
${rows.join('\n')}

## Answers of your own

\`throw new Problem('conflict', { detail: 'This seat is taken.' })\` answers a row of this table in your words. What a handler sends goes out as it
is: \`reply.code(409).send({ error: 'seat-taken' })\`. Any other error that is thrown answers without its words, so that nothing leaks: one with
a \`statusCode\` from 400 to 499, or of 503, a standard problem of that status; every other one 500, and its message is in the log. A 401
says \`WWW-Authenticate: Bearer\`, a 429 \`Retry-After: 60\` and a 503 \`Retry-After: 1\`, where neither the handler nor the problem (its third argument: header fields)
says otherwise.

\`\`\`ts
import Fastify from 'fastify'
import { noBody, portcullis, Problem } from 'portcullis/fastify'

const app = Fastify()
await app.register(portcullis, { sessions: { secret: process.env.JWT_SECRET }, identify: (id) => ({ id }) })

app.post('/seats/:id', { schema: { body: noBody } }, async () => {
  throw new Problem('conflict', { detail: 'This seat is taken.' })
})
app.post('/tables/:id', { schema: { body: noBody } }, async (_request, reply) => reply.code(409).send({ error: 'table-taken' }))
\`\`\`

An application's own error handler (\`setErrorHandler\`) answers instead, refused values too: the start says so, and so does
Fastify (\`FSTWRN004\`). Let it end with the plugin's:

\`\`\`ts
import Fastify from 'fastify'
import { errorHandler, portcullis } from 'portcullis/fastify'

class OutOfStock extends Error {}

const app = Fastify()
await app.register(portcullis, { sessions: { secret: process.env.JWT_SECRET }, identify: (id) => ({ id }) })
app.setErrorHandler((error, request, reply) =>
  error instanceof OutOfStock ? reply.code(409).send({ error: 'out-of-stock' }) : errorHandler(error, request, reply),
)
\`\`\`
`
}

const pages: Readonly<Record<string, () => string>> = {
  'settings.md': settingsPage,
  'gateway-settings.md': gatewaySettingsPage,
  'problems.md': problemsPage,
}

let stale = 0
for (const [name, make] of Object.entries(pages)) {
  const path = join(import.meta.dirname, '../docs', name)
  if (!process.argv.includes('--check')) writeFileSync(path, make())
  else if (readFileSync(path, 'utf8') !== make()) {
    stale += 1
    process.stdout.write(`docs/${name} is out of date: npm run docs\n`)
  }
}
process.exitCode = stale === 0 ? 0 : 1
