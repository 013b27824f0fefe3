import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Kysely } from 'kysely'
import type { ZodTypeProvider } from 'portcullis/fastify'
import { allow, noBody, Problem } from 'portcullis/fastify'
import { field } from 'portcullis/validation'
import { z } from 'zod'

/** The table of the example resource, in the application's own part of the database. */
export interface NotesSchema {
  notes: { id: string; owner_id: string; title: string; body: string; created_at: number; updated_at: number }
}

/** Makes the table; a migration of the application's, run after the library's own. */
export const notesMigration = {
  name: 'notes/0001-notes',
  up: async (database: Kysely<unknown>): Promise<void> => {
    await database.schema
      .createTable('notes')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('owner_id', 'text', (column) => column.notNull())
      .addColumn('title', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('updated_at', 'bigint', (column) => column.notNull())
      .execute()
    await database.schema.createIndex('notes_of_owner').on('notes').columns(['owner_id', 'id']).execute()
  },
}

const written = z.object({ title: field.line(200), body: field.text(10_000) })
const note = z.object({
  id: z.string(),
  title: z.string(),
  body: z.string(),
  created_at: z.number(),
  updated_at: z.number(),
})
const params = z.object({ id: field.id })

/** /notes: each account sees its own. Another's note answers 404, as one that does not exist. */
export const notes =
  (database: Kysely<NotesSchema>, clock: () => number = Date.now) =>
  async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>()
    const owned = (id: string, owner: string) =>
      database.selectFrom('notes').selectAll().where('id', '=', id).where('owner_id', '=', owner)
    const owner = allow(
      'owner',
      async (principal, request) =>
        (await owned(request.params['id'] ?? '', principal.id).executeTakeFirst()) !== undefined,
      {
        refuseWith: 404,
      },
    )

    app.get(
      '/notes',
      {
        schema: {
          summary: 'My notes, page by page',
          querystring: field.pageQuery,
          response: { 200: z.object({ items: z.array(note), next: z.string().nullable() }) },
        },
      },
      async (request) => {
        const { limit, after } = request.query
        const items = await database
          .selectFrom('notes')
          .selectAll()
          .where('owner_id', '=', request.principal.id)
          .where('id', '>', after ?? '')
          .orderBy('id')
          .limit(limit)
          .execute()
        return { items, next: items.length === limit ? (items.at(-1)?.id ?? null) : null }
      },
    )

    app.post(
      '/notes',
      { schema: { summary: 'Write a note', body: written, response: { 201: note } } },
      async (request, reply) => {
        const now = clock()
        // Ids that rise with time keep a page in the order of writing.
        const id = `${now.toString(36).padStart(9, '0')}${randomBytes(12).toString('base64url')}`
        const created = { id, owner_id: request.principal.id, ...request.body, created_at: now, updated_at: now }
        await database.insertInto('notes').values(created).execute()
        reply.code(201)
        return created
      },
    )

    app.get(
      '/notes/:id',
      { config: { access: owner }, schema: { summary: 'Read a note', params, response: { 200: note } } },
      async (request) => {
        const found = await owned(request.params.id, request.principal.id).executeTakeFirst()
        if (found === undefined) throw new Problem('not-found')
        return found
      },
    )

    app.put(
      '/notes/:id',
      {
        config: { access: owner },
        schema: { summary: 'Replace a note', params, body: written, response: { 200: note } },
      },
      async (request) => {
        const replaced = await database
          .updateTable('notes')
          .set({ ...request.body, updated_at: clock() })
          .where('id', '=', request.params.id)
          .where('owner_id', '=', request.principal.id)
          .returningAll()
          .executeTakeFirst()
        if (replaced === undefined) throw new Problem('not-found')
        return replaced
      },
    )

    app.delete(
      '/notes/:id',
      { config: { access: owner }, schema: { summary: 'Delete a note', params, response: { 204: noBody } } },
      async (request, reply) => {
        await database
          .deleteFrom('notes')
          .where('id', '=', request.params.id)
          .where('owner_id', '=', request.principal.id)
          .execute()
        return reply.code(204).send()
      },
    )
  }
