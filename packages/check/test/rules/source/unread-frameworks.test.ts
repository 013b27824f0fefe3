/** Programs whose framework nobody reads: what is said of them hangs on no route. */
import { type Files, table } from './judged.ts'

const next = (login: string, more: Files = {}): Files => ({
  'package.json': '{"dependencies":{"next":"15","react":"19"}}',
  'src/app/page.tsx': "import { useState } from 'react'\nexport default () => null",
  'src/app/api/login/route.ts': [
    "import bcrypt from 'bcryptjs'",
    "import { rateLimit } from '../../../lib/rate-limit'",
    'export async function POST(request) {',
    login,
    '  return Response.json({ ok: await bcrypt.compare(password, user.hash) })',
    '}',
  ].join('\n'),
  ...more,
})

table('auth-rate-limit', [
  [
    'fails: Next, and nothing limits anything',
    next('  const { password } = await request.json()'),
    [
      'fail src/app/api/login/route.ts:5 (no limiter in 1 file): Passwords are checked, and there is no limiter in the program.',
    ],
  ],
  [
    'not proven: Next, and a limiter is asked beside the password',
    next('  if (!rateLimit(address)) return Response.json({}, { status: 429 })'),
    [
      'not-proven src/app/api/login/route.ts:5: Passwords are checked, and the route that leads there could not be found.',
    ],
  ],
])

const session = (life: string): Files => ({
  'package.json': '{"dependencies":{"next":"15","react":"19"}}',
  'src/lib/session.ts': `import { SignJWT } from 'jose'
import { cookies } from 'next/headers'
const key = new TextEncoder().encode(process.env.SESSION_SECRET)
export const start = async (sub) => {
  const token = await new SignJWT({ sub }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('${life}').sign(key)
  const jar = await cookies()
  jar.set('session', token, { httpOnly: true, secure: true, sameSite: 'lax' })
}`,
})

table('jwt-expiry', [
  ['fails: Next, 7 days', session('7d'), ['fail src/lib/session.ts:5: An access token lives 7 days.']],
  ['passes: Next, 15 minutes', session('15m'), ['pass src/lib/session.ts:5: Access tokens live 15 minutes.']],
])
table('cookie-flags', [
  ['passes: Next', session('15m'), ['pass src/lib/session.ts:7: HttpOnly, Secure and SameSite are set.']],
])

const django = (more: Files): Files => ({
  'requirements.txt': 'django==5.1',
  'shop/views.py': [
    'from rest_framework.views import APIView',
    'class Login(APIView):',
    '    def post(self, request):',
    '        return answer(find(request).check_password(request.data["password"]))',
  ].join('\n'),
  ...more,
})

const UNFOUND = [
  'not-proven shop/views.py:4: Passwords are checked, and the route that leads there could not be found.',
]

table('auth-rate-limit', [
  [
    'fails: Django, and nothing limits anything',
    django({ 'shop/plot.py': 'axes = figure("axes")\n' }),
    ['fail shop/views.py:4 (no limiter in 2 files): Passwords are checked, and there is no limiter in the program.'],
  ],
  [
    'not proven: Django, whose settings throttle',
    django({
      'shop/settings.py':
        'REST_FRAMEWORK = {"DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"]}',
    }),
    UNFOUND,
  ],
  [
    'not proven: Django, whose middleware counts failures',
    django({ 'shop/settings.py': 'MIDDLEWARE = ["axes.middleware.AxesMiddleware"]' }),
    UNFOUND,
  ],
  [
    'not proven: Litestar, with its own limiter',
    django({ 'shop/app.py': 'from litestar.middleware.rate_limit import RateLimitConfig' }),
    UNFOUND,
  ],
])
