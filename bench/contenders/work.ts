/** The work that every contender does, so that they differ in nothing but how they do it. */

/** The one origin whose pages may read answers. */
export const ORIGIN = 'https://app.example.com'

/** Requests that a client may send in LIMIT_WINDOW_MS: the largest quota there is, unless the limit itself is looked at. */
export const LIMIT = Number(process.env['LIMIT'] ?? 65_535)
export const LIMIT_WINDOW_MS = Number(process.env['LIMIT_WINDOW_MS'] ?? 1_000)

/** Signs the tokens, HS256. */
export const SECRET = process.env['JWT_SECRET'] ?? ''

/** An account, as identities are looked up. */
export interface User {
  readonly id: string
  readonly roles: readonly string[]
}

export const USERS = 1_000

/** How many of them take turns to ask. */
export const CALLERS = 100

/** The id of a user by its number; all are of one length, so that all answers are. */
export const userId = (number: number): string => `user-${String(number % USERS).padStart(4, '0')}`

/** The table of users that is looked into for every request. */
export const users: ReadonlyMap<string, User> = new Map(
  Array.from({ length: USERS }, (_, number) => [userId(number), { id: userId(number), roles: ['customer'] }]),
)

/** What GET /orders/:id answers. */
export const orderOf = (id: string, customer: string) => ({
  id,
  customer,
  status: 'paid',
  currency: 'EUR',
  total: 129.9,
  lines: [
    { sku: 'AB-1001', quantity: 2, price: 49.95 },
    { sku: 'CD-2002', quantity: 3, price: 10 },
  ],
})

/** The body of POST /orders: ten fields, of every kind. */
export interface NewOrder {
  readonly reference: string
  readonly email: string
  readonly currency: 'EUR' | 'USD' | 'GBP'
  readonly priority: 'low' | 'normal' | 'high'
  readonly total: number
  readonly quantity: number
  readonly gift: boolean
  readonly note: string
  readonly address: { readonly street: string; readonly city: string; readonly zip: string; readonly country: string }
  readonly lines: readonly { readonly sku: string; readonly quantity: number; readonly price: number }[]
}

/** What POST /orders answers. */
export const created = (order: NewOrder, customer: string) => ({
  id: 'order-1001',
  customer,
  reference: order.reference,
  total: order.total,
  lines: order.lines.length,
})

/** A body that all of them take. */
export const sampleOrder: NewOrder = {
  reference: 'PO-2026-000042',
  email: 'ada@example.com',
  currency: 'EUR',
  priority: 'normal',
  total: 129.9,
  quantity: 5,
  gift: false,
  note: 'Please ring twice; the dog is friendly.',
  address: { street: '12 Analytical Row', city: 'London', zip: 'W1U 6TT', country: 'GB' },
  lines: [
    { sku: 'AB-1001', quantity: 2, price: 49.95 },
    { sku: 'CD-2002', quantity: 3, price: 10 },
  ],
}

/** A customer for those who ask nobody who they are. */
export const NOBODY = userId(0)
