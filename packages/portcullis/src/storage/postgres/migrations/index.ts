/** The steps of the schema that are PostgreSQL's alone, run after those of every engine; a released one is never changed. */
import type { Migration } from '../../migrate.ts'
import { news } from './0001-news.ts'

export const postgresMigrations: readonly Migration[] = [news]
