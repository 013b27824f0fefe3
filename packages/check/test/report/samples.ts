/** Reports to write out: one of a backend with everything, and one full of what an attacker would like to see printed. */
import { type Evidence, type ItemId, items, type Observation, type Outcome } from '../../src/items/index.ts'
import { buildReport, type Report, type ReportInput, type Side } from '../../src/report/index.ts'

export const SECRET = 'hunter2-is-the-signing-key'

/** What would run, colour, reorder or end something, in one format or another. */
export const HOSTILE =
  '</script></style><img src=x onerror=alert(1)>"\'`&]]>\x1b[31mred\x1b[0m\x1b]8;;http://evil.example\x07\r\nExit 0: all passed.\u202Egnp.exe\u200b\0\ufffe\ud800 {0} [click](http://evil.example) --> \u2028end'

export const source = (file: string, line: number, text: string, commit?: string): Evidence =>
  commit === undefined ? { kind: 'source', file, line, text } : { kind: 'source', file, line, text, commit }

export const exchange = (request: string, response: string): Evidence => ({
  kind: 'exchange',
  request,
  response,
  curl: `curl -si -X ${request.split(' ')[0]} 'http://127.0.0.1:3000${request.split(' ')[1]}' -H 'Authorization: Bearer $TOKEN'`,
})

export const note = (text: string): Evidence => ({ kind: 'note', text })

export const seen = (
  id: ItemId,
  outcome: Outcome,
  summary: string,
  evidence: readonly Evidence[],
  more: Partial<Observation> = {},
): Observation => ({ id, outcome, confidence: 'high', summary, evidence, ...more })

export const inputOf = (sides: readonly Side[], more: Partial<ReportInput> = {}): ReportInput => ({
  sides,
  secrets: new Set([SECRET]),
  suppressions: [],
  now: new Date('2026-06-15T12:00:00Z'),
  target: { folder: 'some-api', url: 'http://127.0.0.1:3000' },
  failOn: 'fail',
  ...more,
})

const SOURCE: readonly Observation[] = [
  seen(
    'jwt-expiry',
    'fail',
    'Access tokens live for 8 days.',
    [
      source('app/core/config.py', 33, 'ACCESS_TOKEN_EXPIRE_MINUTES: int = 60 * 24 * 8'),
      source('app/api/login.py', 41, 'access_token_expires = timedelta(minutes=settings.ACCESS_TOKEN_EXPIRE_MINUTES)'),
    ],
    { fix: { file: 'app/core/config.py', start: 900, end: 911, from: '60 * 24 * 8', to: '15' } },
  ),
  seen('auth-rate-limit', 'not-proven', 'No limiter was found in the source; a proxy in front may have one.', [
    note('no limiter among 41 files and 23 dependencies'),
  ]),
  seen('validators', 'warn', 'Two strings of a body have no maximum length.', [
    source('app/models.py', 12, 'full_name: str | None = None'),
    source('app/models.py', 19, 'description: str'),
  ]),
  seen(
    'validators',
    'not-proven',
    'A body of a type that could not be followed.',
    [source('app/api/items.py', 77, 'def create(item: dict) -> Any:')],
    { confidence: 'medium' },
  ),
  seen('default-deny', 'pass', 'Every router takes the guard from the application.', [
    source('app/main.py', 18, 'app = FastAPI(dependencies=[Depends(current_user)])'),
    source('app/main.py', 31, 'app.include_router(api)'),
  ]),
  seen('cors', 'pass', 'Origins are a list from settings.', [
    source('app/main.py', 22, 'allow_origins=settings.cors_origins,'),
  ]),
  seen('debug', 'not-applicable', 'There is no debug switch in this framework version.', [
    note('FastAPI without debug'),
  ]),
  seen('hardcoded-secret', 'fail', `The signing key is a literal: ${SECRET}.`, [
    source('app/core/config.py', 30, `SECRET_KEY: str = "${SECRET}"`),
  ]),
  seen(
    'docs-exposed',
    'warn',
    'The documentation is open in every environment.',
    [source('app/main.py', 18, 'app = FastAPI(title="api", openapi_url="/openapi.json")')],
    { confidence: 'medium' },
  ),
  seen('jwt-payload', 'pass', 'The payload is sub and exp.', [
    source('app/core/security.py', 24, 'to_encode = {"exp": expire, "sub": str(subject)}'),
  ]),
  seen('jwt-verification', 'pass', 'The algorithm is pinned.', [
    source('app/core/security.py', 40, 'jwt.decode(token, key, algorithms=[ALGORITHM])'),
  ]),
]

const HISTORY: readonly Observation[] = [
  seen('hardcoded-secret', 'fail', 'A secret is in history.', [
    source('.env', 3, `SECRET_KEY=${SECRET}`, '4f0c1b7a9d2e4f0c1b7a9d2e4f0c1b7a9d2e4f0c'),
  ]),
]

const LIVE: readonly Observation[] = [
  seen('auth-rate-limit', 'fail', '30 bad logins in a row were all answered alike.', [
    exchange('POST /login/access-token', '400, 30 times; never 429'),
  ]),
  seen('cors', 'pass', 'An unlisted origin is not answered.', [
    exchange('GET /openapi.json (Origin: https://evil.example)', '200 without access-control-allow-origin'),
  ]),
  seen('value-echo', 'fail', 'The refused value comes back in the error.', [
    exchange('POST /users (email: not-an-address)', '422 with "not-an-address" in it'),
  ]),
  seen('user-enumeration', 'pass', 'Unknown accounts and wrong passwords get the same answer.', [
    exchange('POST /login/access-token', '400, twice the same body'),
  ]),
  seen('forwarded-for', 'not-proven', 'There is no limit to be counted.', [note('no 429 was seen')]),
]

export const SIDES: readonly Side[] = [
  { name: 'source', observations: SOURCE },
  { name: 'history', observations: HISTORY },
  { name: 'live', observations: LIVE },
]

/** A backend with some of everything. */
export const full = (more: Partial<ReportInput> = {}): Report => buildReport(inputOf(SIDES, more))

/** Each item, each kind of evidence, with what an attacker would write. */
export const hostile = (): Report =>
  buildReport(
    inputOf(
      [
        {
          name: 'source',
          observations: items.map(({ id }, index) =>
            seen(
              id,
              (['fail', 'warn', 'not-proven', 'pass', 'not-applicable'] as const)[index % 5] ?? 'fail',
              `${HOSTILE} ${SECRET}`,
              [
                source(`app/${HOSTILE}.py`, 1, `${HOSTILE} ${SECRET}`),
                note(HOSTILE),
                {
                  kind: 'exchange',
                  request: `GET /${HOSTILE}`,
                  response: HOSTILE,
                  curl: `curl '${HOSTILE}' ${SECRET}`,
                },
              ],
              { mend: HOSTILE, fix: { file: 'a', start: 0, end: 1, from: HOSTILE, to: HOSTILE } },
            ),
          ),
        },
      ],
      {
        target: { folder: HOSTILE, url: `http://user:${SECRET}@127.0.0.1/${HOSTILE}` },
        suppressions: [{ fingerprint: '0123456789abcdef', reason: HOSTILE, expires: '2020-01-01' }],
      },
    ),
  )
