import { express, table } from './judged.ts'

const sign = (claims: string) =>
  express("import jwt from 'jsonwebtoken'", `const make = (user) => jwt.sign(${claims}, process.env.KEY)`)

const PICKS = `import jwt from 'jsonwebtoken'
import { omit, pick } from 'es-toolkit'
import * as R from 'ramda'; import lodash from 'lodash'
`

table('jwt-payload', [
  ['passes: who it is, and nothing else', sign('{ sub: user.id }'), ['pass src/app.ts:4: The token carries sub.']],
  [
    'passes: the times and identifiers of the standard',
    sign('{ sub: user.id, iat: now, jti: id, aud: site }'),
    ['pass src/app.ts:4: The token carries sub, iat, jti, aud.'],
  ],
  ...(
    [
      ['identity=user.id', 'pass app.py:3: The token carries sub.'],
      ['identity=user.id, additional_claims=None', 'pass app.py:3: The token carries sub.'],
      ['identity=user.id, additional_claims={"role": user.role}', 'fail app.py:3: The token carries a role (role).'],
      ['subject=user.id, user_claims={"email": user.email}', 'fail app.py:3: The token carries personal data (email).'],
      [
        'identity=user.id, additional_claims=claims_of(user)',
        'not-proven app.py:3: What the token carries could not be followed: ...claims_of.',
      ],
    ] as const
  ).map(
    ([given, said]) =>
      [
        `flask-jwt-extended: ${given}`,
        {
          'requirements.txt': 'flask\nflask-jwt-extended',
          'app.py': `from flask_jwt_extended import create_access_token\ndef make(user):\n  return create_access_token(${given})`,
        },
        [said],
      ] as const,
  ),
  ...(
    [
      [
        'additional_claims_loader',
        'return {"role": find(identity).role}',
        'fail app.py:7: The token carries a role (role).',
      ],
      ['additional_claims_loader', 'return {"jti": new()}', 'pass app.py:7: The token carries jti, sub.'],
      [
        'user_claims_loader',
        'return {"email": find(identity).email}',
        'fail app.py:7: The token carries personal data (email).',
      ],
      [
        'additional_claims_loader',
        'return extra(identity)',
        'not-proven app.py:7: What the token carries could not be followed: ...extra.',
      ],
      ['user_identity_loader', 'return identity.id', 'pass app.py:7: The token carries sub.'],
      [
        'user_identity_loader',
        'return identity.email',
        'fail app.py:7: The token carries personal data (sub is an e-mail address or a phone number).',
      ],
    ] as const
  ).map(
    ([loader, body, said]) =>
      [
        `flask-jwt-extended: @jwt.${loader}: ${body}`,
        {
          'requirements.txt': 'flask\nflask-jwt-extended',
          'app.py': [
            'from flask_jwt_extended import JWTManager, create_access_token',
            'jwt = JWTManager(app)',
            `@jwt.${loader}`,
            'def load(identity):',
            `  ${body}`,
            'def make(user):',
            '  return create_access_token(identity=user)',
          ].join('\n'),
        },
        [said],
      ] as const,
  ),
  ...(
    [
      ['body.email', 'fail app.py:9: The token carries personal data (sub is an e-mail address or a phone number).'],
      ['body.username', 'warn app.py:9: The token carries a name as sub.'],
      ['body.id', 'pass app.py:9: The token carries sub.'],
    ] as const
  ).map(
    ([sub, said]) =>
      [
        `a field of a model is called as it is called: ${sub}`,
        {
          'requirements.txt': 'fastapi\npyjwt',
          'app.py': [
            'import jwt',
            'from pydantic import BaseModel, Field',
            'class Login(BaseModel):',
            '  id: int',
            '  email: str',
            '  username: str = Field(max_length=50)',
            '@app.post("/login")',
            'def login(body: Login):',
            `  return jwt.encode({"sub": ${sub}}, KEY)`,
          ].join('\n'),
        },
        [said],
      ] as const,
  ),
  ['fails: a role', sign('{ sub: user.id, role: user.role }'), ['fail src/app.ts:4: The token carries a role (role).']],
  [
    "fails: what was asked of the role: user.role === 'admin'",
    sign("{ sub: user.id, adm: user.role === 'admin' }"),
    ['fail src/app.ts:4: The token carries a role (adm).'],
  ],
  [
    "fails: what was asked of the role: user.role !== 'guest'",
    sign("{ sub: user.id, adm: user.role !== 'guest' }"),
    ['fail src/app.ts:4: The token carries a role (adm).'],
  ],
  [
    "fails: what was asked of the role: 'admin' === user.role",
    sign("{ sub: user.id, adm: 'admin' === user.role }"),
    ['fail src/app.ts:4: The token carries a role (adm).'],
  ],
  [
    'fails: what was asked of the role: !user.isAdmin',
    sign('{ sub: user.id, adm: !user.isAdmin }'),
    ['fail src/app.ts:4: The token carries a role (adm).'],
  ],
  [
    "fails: what was asked of the role: user.roles.includes('admin')",
    sign("{ sub: user.id, adm: user.roles.includes('admin') }"),
    ['fail src/app.ts:4: The token carries a role (adm).'],
  ],
  [
    'fails: what was asked of the role: !!user.isAdmin',
    sign('{ sub: user.id, adm: !!user.isAdmin }'),
    ['fail src/app.ts:4: The token carries a role (adm).'],
  ],
  [
    'passes: what is no role: user.verifiedAt !== null',
    sign('{ sub: user.id, adm: user.verifiedAt !== null }'),
    ['pass src/app.ts:4: The token carries sub, adm.'],
  ],
  [
    'passes: what is no role: user.role != null',
    sign('{ sub: user.id, adm: user.role != null }'),
    ['pass src/app.ts:4: The token carries sub, adm.'],
  ],
  [
    "passes: what is no role: body.grant === 'refresh'",
    sign("{ sub: user.id, adm: body.grant === 'refresh' }"),
    ['pass src/app.ts:4: The token carries sub, adm.'],
  ],
  [
    "passes: what is no role: user.plan === 'pro'",
    sign("{ sub: user.id, adm: user.plan === 'pro' }"),
    ['pass src/app.ts:4: The token carries sub, adm.'],
  ],
  [
    "passes: what is no role: user.tags.includes('new')",
    sign("{ sub: user.id, adm: user.tags.includes('new') }"),
    ['pass src/app.ts:4: The token carries sub, adm.'],
  ],
  [
    'fails: what was asked of the role, under a name',
    express(
      "import jwt from 'jsonwebtoken'",
      "const make = (user) => { const adm = user.role === 'admin'",
      'return jwt.sign({ sub: user.id, adm }, process.env.KEY) }',
    ),
    ['fail src/app.ts:5: The token carries a role (adm).'],
  ],
  [
    'fails: personal data',
    sign('{ sub: user.id, email: user.email }'),
    ['fail src/app.ts:4: The token carries personal data (email).'],
  ],
  [
    'fails: a password',
    sign('{ sub: user.id, hash: user.passwordHash }'),
    ['fail src/app.ts:4: The token carries a password (hash).'],
  ],
  [
    'fails: a password by its own name',
    sign('{ sub: user.id, passwordHash: x, password_salt: y, passDigest: z }'),
    [
      'fail src/app.ts:4: The token carries a password (passwordHash), a password (password_salt), a password (passDigest).',
    ],
  ],
  ['fails: the whole record', sign('{ user }'), ['fail src/app.ts:4: The token carries the whole of user.']],
  ['fails: the whole record, spread', sign('{ ...user }'), ['fail src/app.ts:4: The token carries the whole of user.']],
  [
    'fails: an address that is called sub',
    sign('{ sub: user.email }'),
    ['fail src/app.ts:4: The token carries personal data (sub is an e-mail address or a phone number).'],
  ],
  [
    'fails: inside of an object',
    sign('{ user: { id: user.id, isAdmin: user.isAdmin } }'),
    ['fail src/app.ts:4: The token carries a role (isAdmin).'],
  ],
  [
    'passes: an object inside that has only an id',
    sign('{ user: { id: user.id } }'),
    ['pass src/app.ts:4: The token carries user.'],
  ],
  [
    'fails: what was put on it later',
    express(
      "import jwt from 'jsonwebtoken'",
      'const make = (user) => { const claims = { sub: user.id }',
      'claims.role = user.role',
      'return jwt.sign(claims, process.env.KEY) }',
    ),
    ['fail src/app.ts:6: The token carries a role (role).'],
  ],
  [
    'passes: the record without its personal fields is read by what is left',
    express(
      "import jwt from 'jsonwebtoken'",
      "const { email, ...claims } = { sub: 1, email: 'a@b.example' }",
      'const token = jwt.sign(claims, process.env.KEY)',
    ),
    ['pass src/app.ts:5: The token carries sub.'],
  ],
  ...["pick(user, ['id', 'roles'])", "R.pick(['id', 'roles'], user)", "lodash.pick(user, 'id', 'roles')"].map(
    (call) =>
      [
        `fails: a role that is picked, ${call}`,
        express(`${PICKS}const make = (user) => jwt.sign({ ...${call} }, process.env.KEY)`),
        ['fail src/app.ts:6: The token carries a role (roles).'],
      ] as const,
  ),
  [
    'passes: the names that are picked are the claims',
    express(`${PICKS}const make = (user) => jwt.sign(pick(user, ['id', 'sid']), process.env.KEY)`),
    ['pass src/app.ts:6: The token carries id, sid.'],
  ],
  [
    "fails: the same of the project's own",
    express(
      "import jwt from 'jsonwebtoken'",
      'const pick = (from, names) => names.reduce((to, name) => ({ ...to, [name]: from[name] }), {})',
      "const make = (user) => jwt.sign({ ...pick(user, ['id', 'email']) }, process.env.KEY)",
    ),
    ['fail src/app.ts:5: The token carries personal data (email).'],
  ],
  [
    'fails: the record without its password is the rest of it',
    express(`${PICKS}const make = (user) => jwt.sign({ ...omit(user, ['password']) }, process.env.KEY)`),
    ['fail src/app.ts:6: The token carries the whole of user.'],
  ],
  [
    'passes: what is left of a record that is known',
    express(`${PICKS}const token = jwt.sign(omit({ sub: 1, role: 'x' }, ['role']), process.env.KEY)`),
    ['pass src/app.ts:6: The token carries sub.'],
  ],
  [
    'not proven: names that are not written there',
    express(`${PICKS}const make = (user, names) => jwt.sign({ ...pick(user, names) }, process.env.KEY)`),
    ['not-proven src/app.ts:6: What the token carries could not be followed: ...pick.'],
  ],
  [
    'warns: a name that may be an address',
    sign('{ sub: body.username_or_email }'),
    ['warn src/app.ts:4: The token carries a name as sub.'],
  ],
  [
    'not proven: tokens that somebody else makes',
    express("import jwt from 'jsonwebtoken'", 'const read = (token) => jwt.verify(token, process.env.KEY)'),
    ['not-proven (none in 1 file) src/app.ts:4: Tokens are read here and made somewhere else.'],
  ],
  [
    'not proven: claims from somewhere else',
    sign('claimsOf(user)'),
    ['not-proven src/app.ts:4: What the token carries could not be followed: claimsOf.'],
  ],
  [
    'no token',
    express("app.get('/x', x)"),
    ['not-applicable (none in 1 file): No call of a known token library makes a token for sessions.'],
  ],
])

type Row = Parameters<typeof table>[1][number]

const signed = (row: string, claims: string, options = '') =>
  express(
    "import jwt from 'jsonwebtoken'",
    "import { prisma } from '@prisma/client'",
    "import mongoose from 'mongoose'",
    "const User = mongoose.model('User', schema)",
    "app.post('/login', async (req, res) => {",
    `const user = await ${row}`,
    `res.json({ token: jwt.sign(${claims}, process.env.KEY${options}) })`,
    '})',
  )

const stored = (row: string, claims: string) =>
  express(
    "import jwt from 'jsonwebtoken'",
    "import { prisma } from '@prisma/client'",
    "import mongoose from 'mongoose'",
    "import knex from 'knex'",
    "import { DataSource } from 'typeorm'",
    "import { Pool } from 'pg'",
    "const User = mongoose.model('User', schema)",
    "app.post('/login', async (req, res) => {",
    `const user = await ${row}`,
    `res.json({ token: jwt.sign(${claims}, process.env.KEY) })`,
    '})',
  )

table('jwt-payload', [
  [
    'fails: the subject that an option sets',
    signed('prisma.user.findUnique()', '{}', ', { subject: user.email }'),
    ['fail src/app.ts:9: The token carries personal data (sub is an e-mail address or a phone number).'],
  ],
  [
    'passes: an id as the subject that an option sets',
    signed('prisma.user.findUnique()', '{}', ', { subject: user.id }'),
    ['pass src/app.ts:9: The token carries sub.'],
  ],
  [
    "fails: jose's subject",
    express(
      "import { SignJWT } from 'jose'",
      'const make = (user) => new SignJWT({}).setSubject(user.email).sign(KEY)',
    ),
    ['fail src/app.ts:4: The token carries personal data (sub is an e-mail address or a phone number).'],
  ],
  [
    'fails: the whole row that was found',
    signed('prisma.user.findUnique()', '{ ...user }'),
    ['fail src/app.ts:9: The token carries the whole of user.'],
  ],
  [
    'fails: the whole document that was found',
    signed('User.findOne({})', 'user.toObject()'),
    ['fail src/app.ts:9: The token carries the whole of user.'],
  ],
  ...(
    [
      ['User.findOne({}).lean()', '{ info: user }', 'info'],
      ['prisma.$queryRaw`SELECT 1`', '{ me: user[0] }', 'me'],
      ["knex('users').where({ id }).first()", '{ me: user }', 'me'],
      ['new DataSource({}).getRepository(Account).findOneBy({ id })', '{ me: user }', 'me'],
      ["new Pool().query('SELECT 1')", '{ me: user.rows[0] }', 'me'],
    ] as const
  ).map(
    ([row, claims, name]): Row => [
      `fails: a row under another name, of ${row}`,
      stored(row, claims),
      [`fail src/app.ts:12: The token carries the whole of ${name}.`],
    ],
  ),
  ...['user.id', "user['id']", 'await prisma.user.count()'].map(
    (claim): Row => [
      `passes: a field of it, or a number: ${claim}`,
      stored('User.findOne({}).lean()', `{ me: ${claim} }`),
      ['pass src/app.ts:12: The token carries me.'],
    ],
  ),
  [
    'fails: a role among the fields that were asked for',
    signed('prisma.user.findUnique({ select: { id: true, role: true } })', '{ data: user }'),
    ['fail src/app.ts:9: The token carries a role (role).'],
  ],
  [
    'passes: one field of those that were asked for',
    signed('prisma.user.findUnique({ select: { id: true, email: true } })', '{ user: { id: user.id } }'),
    ['pass src/app.ts:9: The token carries user.'],
  ],
  [
    'not proven: a claim of the fields that were asked for',
    signed('prisma.user.findUnique({ select: { id: true } })', '{ data: user }'),
    ['not-proven src/app.ts:9: What the token carries could not be followed: findUnique.'],
  ],
  [
    'not proven: the fields of it that were asked for',
    signed('prisma.user.findUnique({ select: { id: true } })', 'user'),
    ['not-proven src/app.ts:9: What the token carries could not be followed: findUnique.'],
  ],
])
