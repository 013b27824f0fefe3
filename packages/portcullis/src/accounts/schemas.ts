import { z } from 'zod'
import { MAX_ROLES, ROLE_FORM } from '../layers/access/index.ts'
import { field } from '../layers/validation/index.ts'

/** A password that is compared, not set: any length that could be one. A wrong one is wrong, not invalid. */
const typedPassword = z.string().min(1).max(1024)

/** What comes in. Unknown keys are refused, so nobody registers with `roles`. API3:2023. */
export const bodies = {
  register: z.strictObject({ email: field.email, username: field.username, password: field.password }),
  logIn: z
    .strictObject({ email: field.email.optional(), username: field.username.optional(), password: typedPassword })
    .refine(({ email, username }) => (email === undefined) !== (username === undefined), {
      message: 'needs email or username, one of them',
    }),
  /** Absent when the token is in the cookie. */
  refresh: z.strictObject({ refresh_token: z.string().min(1).max(512).optional() }).optional(),
  password: z.strictObject({ current_password: typedPassword, new_password: field.password }),
  me: z
    .strictObject({
      email: field.email.optional(),
      username: field.username.optional(),
      current_password: typedPassword.optional(),
    })
    .refine(({ email, username }) => email !== undefined || username !== undefined, {
      message: 'needs email or username to change to',
    }),
  roles: z.strictObject({
    roles: z.array(z.string().max(32).regex(ROLE_FORM)).max(MAX_ROLES),
  }),
  /** Absent, and `{}`, disable. */
  disabled: z.strictObject({ disabled: z.boolean().optional() }).optional(),
}

/** The id in a path. */
export const idParams = z.strictObject({ id: field.id })

/** The cursor and the size of a page. */
export const pageQuery = field.pageQuery

const account = z.object({
  id: z.string(),
  email: z.string(),
  username: z.string(),
  roles: z.array(z.string()),
})
const person = account.extend({ disabled: z.boolean(), created_at: z.number() })
const session = z.object({
  id: z.string(),
  created_at: z.number(),
  last_used_at: z.number(),
  expires_at: z.number(),
  client: z.string(),
  label: z.string(),
  current: z.boolean(),
})

/** What goes out. Times are ms since the epoch. */
export const answers = {
  account,
  person,
  people: z.object({ items: z.array(person), next: z.string().nullable() }),
  sessions: z.object({ items: z.array(session) }),
  tokens: z.object({
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.number(),
    /** Not for browsers: theirs is in the cookie. */
    refresh_token: z.string().optional(),
  }),
}
