import type { Migration } from '../migrate.ts'

/** Accounts, their roles, sessions, refresh tokens and the audit trail. */
export const accountsAndSessions: Migration = {
  name: 'portcullis/0001-accounts-and-sessions',
  up: async ({ schema }, engine) => {
    await engine
      .numbered(schema.createTable('users'), 'seq')
      .addColumn('id', 'varchar(64)', (column) => column.notNull().unique())
      .addColumn('email', 'text', (column) => column.notNull())
      .addColumn('email_key', 'text', (column) => column.notNull().unique())
      .addColumn('username', 'text', (column) => column.notNull())
      .addColumn('username_key', 'text', (column) => column.notNull().unique())
      .addColumn('password_hash', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('changed_at', 'bigint', (column) => column.notNull())
      .addColumn('disabled_at', 'bigint')
      .execute()

    await schema
      .createTable('user_roles')
      .addColumn('user_id', 'varchar(64)', (column) => column.notNull().references('users.id').onDelete('cascade'))
      .addColumn('role', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('user_roles_key', ['user_id', 'role'])
      .execute()

    await schema
      .createTable('sessions')
      .addColumn('id', 'varchar(64)', (column) => column.primaryKey().notNull())
      .addColumn('user_id', 'varchar(64)', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('last_used_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addColumn('ended_at', 'bigint')
      .addColumn('client', 'text', (column) => column.notNull())
      .addColumn('label', 'text', (column) => column.notNull())
      .execute()
    await schema.createIndex('sessions_by_user').on('sessions').columns(['user_id', 'ended_at']).execute()
    await schema.createIndex('sessions_by_expiry').on('sessions').column('expires_at').execute()
    await schema.createIndex('sessions_by_end').on('sessions').column('ended_at').execute()

    await schema
      .createTable('refresh_tokens')
      .addColumn('hash', 'varchar(64)', (column) => column.primaryKey().notNull())
      .addColumn('session_id', 'varchar(64)', (column) =>
        column.notNull().references('sessions.id').onDelete('cascade'),
      )
      .addColumn('issued_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addColumn('used_at', 'bigint')
      .addColumn('sealed_successor', 'text')
      .addColumn('successor_hash', 'varchar(64)')
      .execute()
    await schema.createIndex('refresh_tokens_by_session').on('refresh_tokens').column('session_id').execute()
    await schema.createIndex('refresh_tokens_by_expiry').on('refresh_tokens').column('expires_at').execute()

    await engine
      .numbered(schema.createTable('audit_entries'), 'seq')
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('actor', 'text')
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('subject', 'varchar(64)', (column) => column.notNull())
      .addColumn('client', 'text', (column) => column.notNull())
      .addColumn('detail', 'text', (column) => column.notNull())
      .execute()
    await schema.createIndex('audit_entries_by_subject').on('audit_entries').columns(['subject', 'seq']).execute()
  },
}
