import { type Files, table } from './judged.ts'

/** Portcullis with these options, and what is added. */
const app = (options: string, ...lines: readonly string[]): Files => ({
  'src/app.ts': [
    "import Fastify from 'fastify'",
    "import { portcullis } from 'portcullis/fastify'",
    'const app = Fastify()',
    `await app.register(portcullis, { ${options} })`,
    "app.get('/orders', async () => 1)",
    ...lines,
  ].join('\n'),
})

const WARNING =
  'warn src/app.ts:4: trustedProxies lists none, so the limiter counts the peer: right with nothing in front. Behind a proxy list it, or everybody shares one quota.'

table('forwarded-for', [
  [
    'passes: Portcullis with its proxies listed',
    app("trustedProxies: ['10.0.0.0/8']"),
    ['pass src/app.ts:4 src/app.ts:4: The limiter counts the address behind the proxies that are named.'],
  ],
  ['warns: Portcullis without any', app(''), [WARNING]],
  ['warns: Portcullis with an empty list', app('trustedProxies: []'), [WARNING]],
  [
    'fails: another limiter beside it, of which nothing says whom it counts',
    app('', "await app.register(import('@fastify/rate-limit'), { max: 10 })"),
    [
      WARNING,
      'fail src/app.ts:6: Nothing says which proxies are trusted: behind one, the limiter counts the proxy, and everybody shares one quota.',
    ],
  ],
  [
    'fails: Fastify believes whoever sends the header',
    {
      'src/app.ts': (app('')['src/app.ts'] ?? '').replace('Fastify()', 'Fastify({ trustProxy: true })'),
    },
    [
      'fail src/app.ts:3 src/app.ts:4: The address is taken from X-Forwarded-For whoever sends it: each try can be somebody new.',
    ],
  ],
])
