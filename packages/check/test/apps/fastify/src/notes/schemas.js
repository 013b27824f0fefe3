export const newNote = {
  type: 'object',
  additionalProperties: false,
  required: ['title', 'text'],
  properties: {
    title: { type: 'string', minLength: 1, maxLength: 120 },
    text: { type: 'string', maxLength: 4000 },
  },
}

// A query holds strings: a number from 1 to 100.
export const listQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    limit: { type: 'string', maxLength: 3, pattern: '^([1-9][0-9]?|100)$', default: '20' },
  },
}

export const noteParams = {
  type: 'object',
  additionalProperties: false,
  required: ['id'],
  properties: {
    id: { type: 'string', format: 'uuid' },
  },
}
