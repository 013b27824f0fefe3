/** A backend of a thousand files and a thousand commits, the same each time: the small Express one, and as many parts as a company has. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const FILES = 1_000
export const COMMITS = 1_000

const EXPRESS = fileURLToPath(new URL('../apps/express', import.meta.url))
const THINGS =
  'order invoice customer shipment product supplier payment refund ticket report contract booking article voucher'.split(
    ' ',
  )
const KINDS =
  'open archived internal retail partner monthly regional legacy bulk draft trial shared audited nightly'.split(' ')

/** What each part has: five files, about as long as people write them. */
const part = (kind: string, thing: string, index: number, other: string): Record<string, string> => {
  const name = kind + thing.charAt(0).toUpperCase() + thing.slice(1)
  const type = name.charAt(0).toUpperCase() + name.slice(1)
  const folder = `src/${kind}-${thing}`
  return {
    [`${folder}/schemas.ts`]: `import { z } from 'zod'

export const new${type} = z.strictObject({
  title: z.string().trim().min(1).max(${100 + (index % 50)}),
  reference: z.string().regex(/^[A-Z]{3}-\\d{6}$/),
  amount: z.number().int().min(0).max(1_000_000),
  status: z.enum(['new', 'open', 'done']),
  tags: z.array(z.string().max(40)).max(10),
  address: z.strictObject({ street: z.string().max(120), city: z.string().max(80), zip: z.string().max(12) }),
})

export const change${type} = new${type}.partial()

export const list${type} = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  status: z.enum(['new', 'open', 'done']).optional(),
})

export const ${name}Params = z.strictObject({ id: z.uuid() })

export type New${type} = z.infer<typeof new${type}>
export type Change${type} = z.infer<typeof change${type}>
export type List${type} = z.infer<typeof list${type}>
export type ${type}Params = z.infer<typeof ${name}Params>
`,
    [`${folder}/store.ts`]: `import { randomUUID } from 'node:crypto'
import type { Change${type}, New${type} } from './schemas.ts'

export type ${type} = New${type} & { id: string; userId: string; createdAt: string; version: number }

const rows = new Map<string, ${type}>()

export const insert${type} = (userId: string, values: New${type}): ${type} => {
  const row = { ...values, id: randomUUID(), userId, createdAt: new Date().toISOString(), version: 1 }
  rows.set(row.id, row)
  return row
}

export const find${type} = (userId: string, id: string): ${type} | undefined => {
  const row = rows.get(id)
  return row?.userId === userId ? row : undefined
}

export const list${type}Rows = (userId: string, limit: number, status?: string): ${type}[] =>
  [...rows.values()]
    .filter((row) => row.userId === userId && (status === undefined || row.status === status))
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
    .slice(0, limit)

export const update${type} = (row: ${type}, values: Change${type}): ${type} => {
  const next = { ...row, ...values, version: row.version + 1 }
  rows.set(row.id, next)
  return next
}

export const remove${type} = (id: string): boolean => rows.delete(id)
`,
    [`${folder}/service.ts`]: `import { totals as totalsBefore } from '../${other}/totals.ts'
import type { Change${type}, List${type}, New${type} } from './schemas.ts'
import { find${type}, insert${type}, list${type}Rows, remove${type}, type ${type}, update${type} } from './store.ts'
import { totals } from './totals.ts'

export class ${type}Error extends Error {}

const LARGEST = ${1_000 + index}
const RETRIES = 3

export const create = async (userId: string, values: New${type}): Promise<${type}> => {
  if (values.amount > LARGEST * 100) throw new ${type}Error('too large')
  const known = list${type}Rows(userId, LARGEST).find((row) => row.reference === values.reference)
  if (known) return update${type}(known, { amount: known.amount + values.amount })
  for (let tried = 0; tried < RETRIES; tried += 1) {
    const row = insert${type}(userId, values)
    if (row.id) return row
    await new Promise((resolve) => setTimeout(resolve, 2 ** tried * 10))
  }
  throw new ${type}Error('not stored')
}

export const list = (userId: string, { limit, status }: List${type}) => ({
  rows: list${type}Rows(userId, limit, status).map(shown),
  totals: totals(list${type}Rows(userId, LARGEST)),
  before: totalsBefore([]),
})

export const read = (userId: string, id: string): ${type} | undefined => find${type}(userId, id)

export const change = (userId: string, id: string, values: Change${type}): ${type} | undefined => {
  const row = find${type}(userId, id)
  if (!row) return undefined
  switch (row.status) {
    case 'done':
      throw new ${type}Error('is done')
    case 'open':
      return update${type}(row, { ...values, status: values.status === 'new' ? 'open' : values.status })
    default:
      return update${type}(row, values)
  }
}

export const remove = (userId: string, id: string): boolean => Boolean(find${type}(userId, id)) && remove${type}(id)

export const shown = ({ id, title, reference, amount, status, tags, createdAt }: ${type}) => ({
  id,
  title,
  reference,
  amount: (amount / 100).toFixed(2),
  status,
  tags: tags.map((tag) => tag.toLowerCase()),
  createdAt,
})
`,
    [`${folder}/totals.ts`]: `type Row = { amount: number; status: string; tags: string[] }

export const totals = (rows: readonly Row[]) => {
  const byStatus = new Map<string, number>()
  let all = 0
  for (const { amount, status } of rows) {
    all += amount
    byStatus.set(status, (byStatus.get(status) ?? 0) + amount)
  }
  const tags = [...new Set(rows.flatMap((row) => row.tags))].sort()
  return { all, byStatus: Object.fromEntries(byStatus), tags, mean: rows.length === 0 ? 0 : Math.round(all / rows.length) }
}

export const subject = (rows: readonly Row[]): string =>
  rows.length === 1 ? \`One ${kind} ${thing}\` : \`\${rows.length} ${kind} ${thing}s, \${totals(rows).all} in all\`
`,
    [`${folder}/router.ts`]: `import { Router } from 'express'
import { validate } from '../middleware/validate.ts'
import { change${type}, type Change${type}, list${type}, type List${type}, ${name}Params, type ${type}Params, new${type}, type New${type} } from './schemas.ts'
import * as service from './service.ts'

export const ${name}Router = Router()

${name}Router.get('/', validate({ query: list${type} }), (_req, res) => {
  res.json(service.list(res.locals.userId, res.locals.query as List${type}))
})

${name}Router.post('/', validate({ body: new${type} }), async (_req, res) => {
  res.status(201).json(service.shown(await service.create(res.locals.userId, res.locals.body as New${type})))
})

${name}Router.get('/:id', validate({ params: ${name}Params }), (_req, res) => {
  const { id } = res.locals.params as ${type}Params
  const row = service.read(res.locals.userId, id)
  if (!row) {
    res.status(404).json({ error: 'Not Found' })
    return
  }
  res.json(service.shown(row))
})

${name}Router.patch('/:id', validate({ params: ${name}Params, body: change${type} }), (_req, res) => {
  const { id } = res.locals.params as ${type}Params
  const row = service.change(res.locals.userId, id, res.locals.body as Change${type})
  res.status(row ? 200 : 404).json(row ? service.shown(row) : { error: 'Not Found' })
})

${name}Router.delete('/:id', validate({ params: ${name}Params }), (_req, res) => {
  const { id } = res.locals.params as ${type}Params
  res.status(service.remove(res.locals.userId, id) ? 204 : 404).end()
})
`,
  }
}

/** Five of a part, beside the nine that the small backend has. */
export const ROUTES = 9 + 5 * KINDS.length * THINGS.length

const parts = KINDS.flatMap((kind) => THINGS.map((thing) => ({ kind, thing, folder: `${kind}-${thing}` })))

const mounted = (): string => {
  const routers = parts.map(({ kind, thing, folder }) => ({
    name: `${kind}${thing.charAt(0).toUpperCase()}${thing.slice(1)}Router`,
    folder,
  }))
  const imports = routers.map(({ name, folder }) => `import { ${name} } from './${folder}/router.ts'`)
  const uses = routers.map(({ name, folder }) => `parts.use('/${folder}', ${name})`)
  return `import { Router } from 'express'\n${imports.join('\n')}\n\nexport const parts = Router()\n\n${uses.join('\n')}\n`
}

const sources = (): Map<string, string> => {
  const files = new Map<string, string>()
  for (const entry of readdirSync(EXPRESS, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() && entry.name !== 'variants.ts') files.set(relative(EXPRESS, path), readFileSync(path, 'utf8'))
  }
  const app = files.get('src/app.ts') ?? ''
  files.set(
    'src/app.ts',
    app
      .replace("  app.use('/auth'", "  app.use(parts)\n  app.use('/auth'")
      .replace('import helmet', "import { parts } from './parts.ts'\nimport helmet"),
  )
  files.set('src/parts.ts', mounted())
  files.set(
    'src/seed.ts',
    "import { createUser } from './users/store.ts'\n\ncreateUser({ email: 'ada@example.com', name: 'Ada', passwordHash: '' })\n",
  )
  parts.forEach(({ kind, thing }, index) => {
    const other = parts[(index + parts.length - 1) % parts.length]?.folder ?? ''
    for (const [path, text] of Object.entries(part(kind, thing, index, other))) files.set(path, text)
  })
  return files
}

/** Makes it in an empty folder, by one stream into git: a thousand runs of `git commit` would take longer than what is measured. */
export const buildLarge = (folder: string): { readonly files: number } => {
  const files = [...sources()]
  const stream: string[] = []
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`
  const each = Math.ceil((2 * files.length) / COMMITS)
  for (let commit = 0; commit < COMMITS; commit += 1) {
    stream.push(
      `commit refs/heads/main\ncommitter A Tester <tester@example.com> ${1_700_000_000 + commit * 3_600} +0000\n${data(`Change ${commit}`)}`,
    )
    // The first half brings each file, shorter and with a setting that is gone later; the second brings it to what it is.
    const second = commit >= COMMITS / 2
    const from = (second ? commit - COMMITS / 2 : commit) * each
    for (const [path, text] of files.slice(from, from + each)) {
      const early = /\.[jt]s$/.test(path) ? `// Revision ${commit}\n${text.slice(0, text.length / 2)}` : text
      stream.push(`M 100644 inline ${path}\n${data(second ? text : early)}`)
    }
  }
  const git = (args: readonly string[], input = '') =>
    execFileSync('git', args, { cwd: folder, input, stdio: ['pipe', 'pipe', 'pipe'] })
  git(['init', '-q', '-b', 'main'])
  git(['fast-import', '--quiet'], stream.join(''))
  git(['checkout', '-q', '-f', 'main'])
  return { files: files.filter(([path]) => path.endsWith('.ts')).length }
}
