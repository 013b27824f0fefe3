// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the texts of other programs
import { express, table } from './judged.ts'

const limited = (options: string, ...lines: readonly string[]) =>
  express(
    "import rateLimit from 'express-rate-limit'",
    ...lines,
    `app.use(rateLimit({ limit: 10${options} }))`,
    "app.post('/login', login)",
  )

table('forwarded-for', [
  [
    'passes: the proxies are named',
    limited('', "app.set('trust proxy', 1)"),
    ['pass src/app.ts:4 src/app.ts:5: The limiter counts the address behind the proxies that are named.'],
  ],
  [
    'passes: by their addresses',
    limited('', "app.set('trust proxy', 'loopback, 10.0.0.0/8')"),
    ['pass src/app.ts:4 src/app.ts:5: The limiter counts the address behind the proxies that are named.'],
  ],
  [
    'passes: by who is logged in',
    limited(', keyGenerator: (req) => req.user.id'),
    ['pass src/app.ts:4: The limiter counts by who is logged in, or by the account that is tried.'],
  ],
  [
    'fails: whoever sends the header is believed',
    limited('', "app.set('trust proxy', true)"),
    [
      'fail src/app.ts:4 src/app.ts:5: The address is taken from X-Forwarded-For whoever sends it: each try can be somebody new.',
    ],
  ],
  [
    'fails: a function that trusts whatever address it is asked about',
    limited('', "app.set('trust proxy', () => true)"),
    [
      'fail src/app.ts:4 src/app.ts:5: The address is taken from X-Forwarded-For whoever sends it: each try can be somebody new.',
    ],
  ],
  [
    'not proven: a function that looks at the address',
    limited('', "app.set('trust proxy', (address) => PROXIES.has(address))"),
    ['not-proven src/app.ts:4 src/app.ts:5: Which proxies are trusted could not be followed.'],
  ],
  [
    'fails: enabled is the same as true',
    limited('', "app.enable('trust proxy')"),
    [
      'fail src/app.ts:4 src/app.ts:5: The address is taken from X-Forwarded-For whoever sends it: each try can be somebody new.',
    ],
  ],
  [
    'fails: a header that is read by hand, also with an address behind it',
    limited(", keyGenerator: (req) => req.headers['x-forwarded-for'] || req.ip", "app.set('trust proxy', 1)"),
    ['fail src/app.ts:5: The limiter counts by x-forwarded-for, which anyone may send: each try can be somebody new.'],
  ],
  [
    'fails: a package that takes the address from whatever header is there',
    limited(', keyGenerator: (req) => req.clientIp', "import requestIp from 'request-ip'", "app.set('trust proxy', 1)"),
    ['fail src/app.ts:6: The limiter counts by x-client-ip, which anyone may send: each try can be somebody new.'],
  ],
  [
    'fails: a header, in a function of another name',
    limited(', keyGenerator: clientOf', "const clientOf = (req) => req.get('X-Real-IP')"),
    ['fail src/app.ts:4: The limiter counts by X-Real-IP, which anyone may send: each try can be somebody new.'],
  ],
  [
    'fails: the address, and beside it what the caller writes',
    limited(", keyGenerator: (req) => `${req.ip}:${req.get('x-device-id')}`", "app.set('trust proxy', 1)"),
    [
      'fail src/app.ts:5: The limiter counts by the x-device-id header, which the caller writes: each try can be somebody new.',
    ],
  ],
  [
    'warns: another limit stands beside it',
    limited(
      ', keyGenerator: (req) => req.headers.cookie ?? req.ip',
      "app.set('trust proxy', 1)",
      'app.use(rateLimit({ limit: 20 }))',
    ),
    [
      'pass src/app.ts:4 src/app.ts:5: The limiter counts the address behind the proxies that are named.',
      'warn src/app.ts:6: The limiter counts by the cookie header, which the caller writes: each try can be somebody new.',
    ],
  ],
  [
    'passes: the address and the account',
    limited(', keyGenerator: (req) => `${req.ip}:${req.body.email}`', "app.set('trust proxy', 1)"),
    ['pass src/app.ts:4 src/app.ts:5: The limiter counts the address behind the proxies that are named.'],
  ],
  [
    'fails: nothing says which proxies there are',
    limited(''),
    [
      'fail src/app.ts:4: Nothing says which proxies are trusted: behind one, the limiter counts the proxy, and everybody shares one quota.',
    ],
  ],
  [
    'fails: a list that has everybody in it',
    limited('', "app.set('trust proxy', ['10.0.0.1', '0.0.0.0/0'])"),
    [
      'fail src/app.ts:4 src/app.ts:5: The address is taken from X-Forwarded-For whoever sends it: each try can be somebody new.',
    ],
  ],
  [
    'not proven: a key that could not be followed',
    limited(', keyGenerator: keyOf'),
    ['not-proven src/app.ts:4: What the limiter counts by could not be followed.'],
  ],
  [
    'no limiter',
    express("app.get('/x', x)"),
    ['not-applicable (no limiter in 1 file): There is no limiter whose key could be wrong.'],
  ],
])
