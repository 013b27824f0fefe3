/** The body of POST /orders in JSON Schema. */
const text = (minLength: number, maxLength: number) => ({ type: 'string', minLength, maxLength })
const amount = { type: 'number', minimum: 0, maximum: 1_000_000 }
const count = { type: 'integer', minimum: 1, maximum: 1_000 }
const closed = (properties: Readonly<Record<string, object>>) => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties),
  properties,
})

export const orderSchema = closed({
  reference: text(1, 64),
  email: { type: 'string', format: 'email', maxLength: 254 },
  currency: { type: 'string', enum: ['EUR', 'USD', 'GBP'] },
  priority: { type: 'string', enum: ['low', 'normal', 'high'] },
  total: amount,
  quantity: count,
  gift: { type: 'boolean' },
  note: text(0, 500),
  address: closed({ street: text(1, 120), city: text(1, 80), zip: text(1, 12), country: text(2, 2) }),
  lines: {
    type: 'array',
    minItems: 1,
    maxItems: 20,
    items: closed({ sku: text(1, 32), quantity: count, price: amount }),
  },
})
