// Ajv knows the format "email" through ajv-formats, which Fastify brings along.
const email = { type: 'string', format: 'email', maxLength: 254 }

export const registration = {
  type: 'object',
  additionalProperties: false,
  required: ['email', 'name', 'password'],
  properties: {
    email,
    name: { type: 'string', minLength: 1, maxLength: 80 },
    password: { type: 'string', minLength: 12, maxLength: 128 },
  },
}

export const credentials = {
  type: 'object',
  additionalProperties: false,
  required: ['email', 'password'],
  properties: {
    email,
    password: { type: 'string', minLength: 1, maxLength: 128 },
  },
}
