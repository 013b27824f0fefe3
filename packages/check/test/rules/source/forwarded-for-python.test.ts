/** A header that Python reads by hand: from a listed proxy, and from its right end. */
import { type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const keyed = (test: string, address: string): Files => ({
  'main.py': [
    'import ipaddress',
    'from fastapi import FastAPI, Request',
    'from slowapi import Limiter',
    'TRUSTED = {"10.0.0.1"}',
    'NETWORKS = [ipaddress.ip_network("10.0.0.0/8")]',
    'def client_ip(request: Request) -> str:',
    '    peer = request.client.host if request.client else "unknown"',
    `    if ${test}:`,
    '        return peer',
    '    forwarded = request.headers.get("X-Forwarded-For", peer)',
    '    hops = [one.strip() for one in forwarded.split(",")]',
    `    return ${address}`,
    'limiter = Limiter(key_func=client_ip)',
    'app = FastAPI()',
    '@app.post("/login")',
    '@limiter.limit("5/minute")',
    'async def login(request: Request): ...',
  ].join('\n'),
})

const PASS = ['pass main.py:10: The forwarded address is read behind a check of the proxy.']

table('forwarded-for', [
  ['passes: the peer by the name that it was given', keyed('peer not in TRUSTED', 'hops[-1]'), PASS],
  [
    'passes: the networks of the proxies',
    keyed('not any(ipaddress.ip_address(peer) in one for one in NETWORKS)', 'hops[-1]'),
    PASS,
  ],
  ['passes: the peer itself', keyed('request.client.host not in TRUSTED', 'hops[-1]'), PASS],
  ...['hops[0]', 'forwarded.split(",")[0]', 'forwarded.partition(",")[0]'].map(
    (address): Row => [
      `fails: the left end, ${address}`,
      keyed('peer not in TRUSTED', address),
      [
        'fail main.py:12: The limiter counts by the first value of X-Forwarded-For, which anyone may send: each try can be somebody new.',
      ],
    ],
  ),
  [
    'fails: something else is tested',
    keyed('request.headers.get("X-Internal") not in TRUSTED', 'hops[-1]'),
    ['fail main.py:10: The limiter counts by X-Forwarded-For, which anyone may send: each try can be somebody new.'],
  ],
])
