import { express, table } from './judged.ts'

const jwt = (line: string) => express("import jwt from 'jsonwebtoken'", line)

type Row = Parameters<typeof table>[1][number]

table('jwt-verification', [
  [
    'passes: with its algorithm',
    jwt("const read = (t) => jwt.verify(t, key, { algorithms: ['HS256'] })"),
    ['pass src/app.ts:4: jsonwebtoken: verified, with the algorithm pinned.'],
  ],
  [
    'fails: it is only decoded',
    jwt('const read = (t) => jwt.decode(t)'),
    ['fail src/app.ts:4: jsonwebtoken: a token is read without its signature.'],
  ],
  [
    'fails: the expiry is not looked at',
    jwt("const read = (t) => jwt.verify(t, key, { algorithms: ['HS256'], ignoreExpiration: true })"),
    ['fail src/app.ts:4: jsonwebtoken: the expiry is not looked at.'],
  ],
  [
    'warns: any algorithm',
    jwt('const read = (t) => jwt.verify(t, key)'),
    ['warn src/app.ts:4: jsonwebtoken: the algorithms are not pinned.'],
  ],
  [
    'warns: a list that has none in it pins nothing',
    jwt("const read = (t) => jwt.verify(t, key, { algorithms: ['HS256', 'none'] })"),
    ['warn src/app.ts:4: jsonwebtoken: the algorithms are not pinned.'],
  ],
  [
    'passes: options that were put in a constant',
    jwt("const o = { algorithms: ['HS256'] } as const; const read = (t) => jwt.verify(t, key, o)"),
    ['pass src/app.ts:4: jsonwebtoken: verified, with the algorithm pinned.'],
  ],
  [
    'warns: decoded beside a verification',
    express(
      "import jwt from 'jsonwebtoken'",
      "const read = (t) => jwt.verify(t, key, { algorithms: ['HS256'] })",
      'const expiry = (t) => jwt.decode(t).exp',
    ),
    [
      'pass src/app.ts:4: jsonwebtoken: verified, with the algorithm pinned.',
      'warn src/app.ts:5: jsonwebtoken: a token is read without its signature, beside one that is verified.',
    ],
  ],
  ...(
    [
      [
        'jwt.decode(token, KEY, algorithms=["HS256"])',
        'registry.validate(claims.claims)',
        'pass',
        'verified, with the algorithm pinned',
      ],
      ['jwt.decode(token, KEY)', 'registry.validate(claims.claims)', 'warn', 'the algorithms are not pinned'],
      ['jwt.decode(token, KEY, algorithms=["HS256"])', 'print(claims.claims)', 'fail', 'the expiry is not looked at'],
    ] as const
  ).map(
    ([read, then, outcome, said]): Row => [
      `joserfc, ${read}, ${then}`,
      {
        'app.py': [
          'from joserfc import jwt',
          'def read(token):',
          `  claims = ${read}`,
          `  ${then}`,
          '  return claims',
        ].join('\n'),
      },
      [`${outcome} app.py:3: joserfc: ${said}.`],
    ],
  ),
  ...(
    [
      [
        'made for one algorithm',
        'jwt = JsonWebToken(["HS256"])',
        'claims.validate()',
        'pass app.py:4: authlib.jose: verified, with the algorithm pinned.',
      ],
      [
        'as it comes',
        'from authlib.jose import jwt',
        'claims.validate()',
        'warn app.py:4: authlib.jose: the algorithms are not pinned.',
      ],
      [
        'whose claims nobody validates',
        'jwt = JsonWebToken(["HS256"])',
        'print(claims)',
        'fail app.py:4: authlib.jose: the expiry is not looked at.',
      ],
      [
        'whose expiry is compared by hand',
        'jwt = JsonWebToken(["HS256"])',
        'assert claims["exp"] > time()',
        'pass app.py:4: authlib.jose: verified, with the algorithm pinned.',
      ],
    ] as const
  ).map(
    ([title, made, then, said]) =>
      [
        `Authlib, ${title}`,
        {
          'app.py': [
            'from authlib.jose import JsonWebToken',
            made,
            'def read(token):',
            '  claims = jwt.decode(token, KEY)',
            `  ${then}`,
            '  return claims',
            'def make(user):',
            '  return jwt.encode({"alg": "HS256"}, {"sub": user.id}, KEY).decode()',
          ].join('\n'),
        },
        [said],
      ] as const,
  ),
  [
    'PyJWT’s bytes made a text are no token that is read',
    { 'app.py': 'import jwt\ndef make(user):\n  return jwt.encode({"sub": user.id}, KEY).decode("utf-8")' },
    ['not-applicable (none in 1 file): The program reads no token.'],
  ],
  [
    'warns: nothing but its times is read',
    jwt('const ends = (t) => { const claims = jwt.decode(t); return claims.exp }'),
    ['warn src/app.ts:4: jsonwebtoken: a token is read without its signature, which seems to decide little.'],
  ],
  [
    'warns: nothing but its times and its own id, to take it back',
    jwt('const out = (t) => { const { jti, exp } = jwt.decode(t); deny(jti, exp) }'),
    ['warn src/app.ts:4: jsonwebtoken: a token is read without its signature, which seems to decide little.'],
  ],
  [
    'fails: its times, and who it is',
    jwt('const ends = (t) => { const claims = jwt.decode(t); return claims.exp > now() && claims.sub }'),
    ['fail src/app.ts:4: jsonwebtoken: a token is read without its signature.'],
  ],
  [
    'not applicable: one that was signed there',
    jwt(
      "const make = (id) => { const t = jwt.sign({ sub: id }, key, { expiresIn: '5m' }); return { t, claims: jwt.decode(t) } }",
    ),
    ['not-applicable (none in 1 file): The program reads no token.'],
  ],
  [
    "fails: Nest's service decodes",
    {
      'src/guard.ts':
        "import { JwtService } from '@nestjs/jwt'\nexport class Guard { constructor(private readonly jwt: JwtService) {}\n  read(t) { return this.jwt.decode<{ sub: string }>(t) } }",
    },
    ['fail src/guard.ts:3: @nestjs/jwt: a token is read without its signature.'],
  ],
  [
    'fails: @fastify/jwt decodes, where it is registered',
    {
      'src/app.ts': [
        "import Fastify from 'fastify'",
        "import jwt from '@fastify/jwt'",
        'const app = Fastify()',
        "app.register(jwt, { secret, verify: { algorithms: ['HS256'] } })",
        "app.addHook('onRequest', async (request) => { request.user = await request.jwtDecode() })",
        'const read = (t) => app.jwt.decode(t)',
      ].join('\n'),
    },
    [
      'fail src/app.ts:6: @fastify/jwt: a token is read without its signature.',
      'fail src/app.ts:5: @fastify/jwt: a token is read without its signature.',
      'pass src/app.ts:4: @fastify/jwt: verified, with the algorithm pinned.',
    ],
  ],
  [
    'warns: @fastify/jwt decodes in a file that verifies',
    {
      'src/app.ts': [
        "import Fastify from 'fastify'",
        "import jwt from '@fastify/jwt'",
        'const app = Fastify()',
        "app.register(jwt, { secret, verify: { algorithms: ['HS256'] } })",
        "app.addHook('onRequest', (request) => request.jwtVerify())",
        "app.get('/me', async (request) => request.jwtDecode())",
      ].join('\n'),
    },
    [
      'warn src/app.ts:6: @fastify/jwt: a token is read without its signature, which seems to decide little.',
      'pass src/app.ts:4: @fastify/jwt: verified, with the algorithm pinned.',
    ],
  ],
  [
    'what a page reads of its own token decides nothing',
    {
      ...express("app.get('/x', x)"),
      'client/toast.js':
        "import { useToast } from 'vue-toastification'\nimport jwtDecode from 'jwt-decode'\nexport const me = (t) => jwtDecode(t)",
      'client/user.js':
        "import Cookies from 'js-cookie'\nimport jwt from 'jsonwebtoken'\nexport const me = () => jwt.decode(Cookies.get('jwt'))",
    },
    ['not-applicable (none in 3 files): The program reads no token.'],
  ],
  [
    'a verify of something else is none',
    express('const read = (t) => argon2.verify(t, password)'),
    ['not-applicable (none in 1 file): The program reads no token.'],
  ],
  [
    'fails: of Python, with the signature switched off',
    {
      'main.py':
        'import jwt\nfrom fastapi import FastAPI\napp = FastAPI()\ndef read(t):\n  return jwt.decode(t, KEY, algorithms=["HS256"], options={"verify_signature": False})',
    },
    ['fail main.py:5: PyJWT: a token is read without its signature.'],
  ],
  [
    'fails: the token says by which algorithm',
    {
      'main.py':
        'from jose import jwt\nfrom fastapi import FastAPI\napp = FastAPI()\ndef read(t):\n  header = jwt.get_unverified_header(t)\n  return jwt.decode(t, KEY, algorithms=[header["alg"]])',
    },
    ["fail main.py:6: jose: the token's own header says by which algorithm it is verified."],
  ],
  [
    'not proven: the options come from somewhere else',
    {
      'src/app.ts':
        "import { Controller, Get, Module } from '@nestjs/common'\nimport { JwtModule, JwtService } from '@nestjs/jwt'\n@Controller('a') class A { constructor(private jwt: JwtService) {}\n@Get() read(t) { return this.jwt.verify(t, options()) } }\n@Module({ controllers: [A], imports: [JwtModule.register({})] }) class Root {}",
    },
    ['not-proven src/app.ts:4: @nestjs/jwt: verified; which algorithms are taken could not be read.'],
  ],
])
