import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { accountKeys } from '../../../../src/evidence/backend/keys/accounts.ts'
import { readingOf, type Sources } from '../../sources.ts'

const found = (files: string | Sources): readonly string[] =>
  accountKeys(readingOf(typeof files === 'string' ? { 'src/app.ts': files } : files)).map(
    (one) => `${one.at.file}:${one.at.line} ${one.value}`,
  )

describe('the password of an account that the program makes', () => {
  const table: readonly (readonly [title: string, text: string, ...values: string[]])[] = [
    [
      'in a list',
      "users.insertMany([{ username: 'a', password: 'hunter2' }, { username: 'b', password: 'hunter3' }])",
      'hunter2',
      'hunter3',
    ],
    ['of Mongoose', "User.create({ email: 'a@b.c', password: 'hunter2' })", 'hunter2'],
    ['of Prisma', "prisma.user.create({ data: { email: 'a@b.c', password: 'hunter2' } })", 'hunter2'],
    [
      'of Prisma, where it is missing',
      "prisma.user.upsert({ where: { email }, update: {}, create: { email: 'a@b.c', password: 'hunter2' } })",
      'hunter2',
    ],
    [
      'of Sequelize',
      "User.findOrCreate({ where: { email: 'a@b.c' }, defaults: { email: 'a@b.c', password: 'hunter2' } })",
      'hunter2',
    ],
    ['of Knex', "knex('users').insert([{ email: 'a@b.c', password: 'hunter2' }])", 'hunter2'],
    ['of Drizzle', "db.insert(users).values({ email: 'a@b.c', password: 'hunter2' })", 'hunter2'],
    ['of a service of its own', "accounts.createAdmin({ username: 'admin', password: 'hunter2' })", 'hunter2'],
    ['of an entity', "const user = new User({ email: 'a@b.c', password: 'hunter2' })", 'hunter2'],
    [
      'field by field',
      "const user = new User()\nuser.email = 'a@b.c'\nuser.password = 'hunter2'\nawait em.save(user)",
      'hunter2',
    ],
    [
      'hashed as it is made',
      "import bcrypt from 'bcrypt'\nUser.create({ email: 'a@b.c', password: await bcrypt.hash('hunter2', 10) })",
      'hunter2',
    ],
    [
      'hashed before',
      "import bcrypt from 'bcrypt'\nconst run = async () => { const password = await bcrypt.hash('hunter2', 10); await repository.save({ email: 'a@b.c', password }) }",
      'hunter2',
    ],
    ['by a name', "const ADMIN = { email: 'a@b.c', password: 'hunter2' }\nUser.create(ADMIN)", 'hunter2'],
    [
      'of the database itself, through a function',
      "const seed = (name, pwd) => { db.createUser({ user: name, pwd, roles: [] }) }\nseed('app', 'hunter2')",
      'hunter2',
    ],
  ]
  for (const [title, text, ...values] of table)
    test(title, () => {
      assert.deepEqual(
        found(text)
          .map((one) => one.split(' ')[1])
          .toSorted(),
        values,
      )
    })

  test('in Python', () => {
    for (const text of [
      'db.session.add(User(username="admin", password="hunter2"))',
      'create_user(email="a@b.c", password="hunter2")',
      'User(email="a@b.c", hashed_password=get_password_hash("hunter2"))',
      'users.insert_one({"username": "admin", "password": "hunter2"})',
    ])
      assert.deepEqual(found({ 'app/seed.py': text }), ['app/seed.py:1 hunter2'], text)
  })
})

test('what is no password of an account', () => {
  for (const text of [
    "User.create({ email: 'a@b.c', password: process.env.ADMIN_PASSWORD })",
    'User.create({ email: req.body.email, password: req.body.password })',
    // Whose it is, is not said: a stand-in for people who log in elsewhere.
    "User.create({ email: profile.email, password: 'hunter2' })",
    "User.create({ email: 'a@b.c', password: 'google' })",
    "User.create({ email: 'a@b.c', password: '' })",
    // Hashed before: what it was, nobody reads here.
    "User.create({ email: 'a@b.c', password: '$2b$10$abcdefghijklmnopqrstuv' })",
    `User.create({ email: 'a@b.c', password: '${'0123456789abcdef'.repeat(4)}' })`,
    // Messages, rules, descriptions.
    "errors.add({ email: 'Email is required', password: 'Password is required' })",
    "rules.create({ email: 'required|email', password: 'required|min:8' })",
    "fields.create({ username: 'string', password: 'string' })",
    // It asks, and writes nothing.
    "login({ username: 'a', password: 'hunter2' })",
    "User.findOne({ username: 'a', password: 'hunter2' })",
    "const user = load()\nuser.password = 'hunter2'",
    "if (process.env.NODE_ENV === 'development') User.create({ email: 'a@b.c', password: 'hunter2' })",
  ])
    assert.deepEqual(found(text), [], text)
})

test('a seed for development is for development', () => {
  const text = "User.create({ email: 'a@b.c', password: 'hunter2' })"
  assert.deepEqual(
    found({ 'src/seeds/dev-users.ts': text, 'prisma/seed.test-data.ts': text, 'src/local/users.ts': text }),
    [],
  )
  assert.deepEqual(found({ 'prisma/seed.ts': text }), ['prisma/seed.ts:1 hunter2'])
})
