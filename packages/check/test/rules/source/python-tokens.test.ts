/** Tokens of python-jose and PyJWT: claims that are built in steps, and lives that a file of settings says. */
import { type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const made = (...lines: readonly string[]): Files => ({
  'requirements.txt': 'fastapi\npython-jose\npydantic-settings',
  'app.py': ['from datetime import datetime, timedelta', 'from jose import jwt', ...lines].join('\n'),
})

const END = '"exp": datetime.utcnow() + timedelta(minutes=15)'

/** A function that makes tokens, in steps, and a login that calls it. */
const steps = (parameters: string, body: readonly string[], given: string): Files =>
  made(
    `def make(${parameters}):`,
    ...body.map((one) => `    ${one}`),
    '    return jwt.encode(claims, KEY)',
    'def login(user):',
    `    return make(${given})`,
  )

const settings = (config: string, env: string, amount = 'minutes=settings.access_minutes'): Files => ({
  ...made(
    'from pydantic_settings import BaseSettings, SettingsConfigDict',
    'class Settings(BaseSettings):',
    `    ${config}`,
    '    access_minutes: int = 15',
    'settings = Settings()',
    'def make(user):',
    `    return jwt.encode({"sub": user.id, "exp": datetime.utcnow() + timedelta(${amount})}, KEY)`,
  ),
  '.env': env,
})

const PLAIN = 'model_config = SettingsConfigDict(env_file=".env")'
const PREFIX = 'model_config = SettingsConfigDict(env_file=".env", env_prefix="APP_")'

table('jwt-expiry', [
  [
    'fails: a file sets the field to more than its default',
    settings(PLAIN, 'ACCESS_MINUTES=10080'),
    ['fail .env:1 app.py:9: An access token lives 7 days.'],
  ],
  [
    'fails: a file sets it by its prefix',
    settings(PREFIX, 'APP_ACCESS_MINUTES=10080'),
    ['fail .env:1 app.py:9: An access token lives 7 days.'],
  ],
  [
    'passes: without its prefix it is another setting',
    settings(PREFIX, 'ACCESS_MINUTES=10080'),
    ['pass app.py:9: Access tokens live 15 minutes.'],
  ],
  ['passes: no file sets it', settings(PLAIN, 'OTHER=10080'), ['pass app.py:9: Access tokens live 15 minutes.']],
  [
    'passes: a file sets it to a quarter of an hour',
    settings(PLAIN, 'ACCESS_MINUTES=15'),
    ['pass app.py:9: Access tokens live 15 minutes.'],
  ],
  ...(
    [
      ['its own name anew', 'claims', [`claims = {**claims, ${END}}`], '{"sub": user.id}'],
      ['|= with the end', 'data', ['claims = data.copy()', `claims |= {${END}}`], '{"sub": user.id}'],
      ['the union with what is not known', 'data', [`claims = {${END}} | load(data)`], 'user'],
      [
        'an end in the dictionary that a copy is',
        'user',
        ['claims = vars(user).copy()', 'claims["exp"] = datetime.utcnow() + timedelta(minutes=15)'],
        'user',
      ],
    ] as const
  ).map(([title, parameters, body, given]): Row => {
    const line = 4 + body.length
    return [
      `passes: ${title}`,
      steps(parameters, body, given),
      [`pass app.py:${line} app.py:${line + 2}: Access tokens live 15 minutes.`],
    ]
  }),
])

table('jwt-payload', [
  ...(
    [
      ['fails: by name', 'subject, **more', [`claims = {"sub": subject, ${END}}`, 'claims.update(more)'], 'email'],
      ['fails: spread', 'subject, **more', [`claims = {"sub": subject, ${END}, **more}`], 'email'],
      ['passes: an identifier by name', 'subject, **more', [`claims = {"sub": subject, ${END}, **more}`], 'jti'],
    ] as const
  ).map(([title, parameters, body, name]): Row => {
    const line = 4 + body.length
    return [
      `${title}: what **more is given`,
      steps(parameters, body, `user.id, ${name}=user.${name}`),
      title.startsWith('passes')
        ? [`pass app.py:${line} app.py:${line + 2}: The token carries sub, exp, jti.`]
        : [`fail app.py:${line} app.py:${line + 2}: The token carries personal data (email).`],
    ]
  }),
  [
    'fails: what **more is given from a dictionary',
    steps('subject, **more', [`claims = {"sub": subject, ${END}, **more}`], 'user.id, **{"email": user.email}'),
    ['fail app.py:5 app.py:7: The token carries personal data (email).'],
  ],
  [
    'not proven: what **more is given from elsewhere',
    steps('subject, **more', [`claims = {"sub": subject, ${END}, **more}`], 'user.id, **load()'),
    ['not-proven app.py:5 app.py:7: What the token carries could not be followed: ...load.'],
  ],
  [
    'not proven: an update by what is not known',
    steps('subject', [`claims = {"sub": subject, ${END}}`, 'claims.update(load(subject))'], 'user.id'),
    ['not-proven app.py:6 app.py:8: What the token carries could not be followed: ...load.'],
  ],
  [
    'fails: a default that is set',
    steps('user', [`claims = {"sub": user.id, ${END}}`, 'claims.setdefault("phone", user.phone)'], 'user'),
    ['fail app.py:6 app.py:8: The token carries personal data (phone).'],
  ],
  [
    'passes: its own name anew',
    steps('claims', [`claims = {**claims, ${END}}`], '{"sub": user.id}'),
    ['pass app.py:5 app.py:7: The token carries sub, exp.'],
  ],
  ...(
    [
      ['fails: the whole of a record', 'dump()', 'the whole of user'],
      ['fails: some fields of a record', 'dump(include={"id", "email"})', 'personal data (email)'],
      ['fails: fields that are not known', 'dump(include={"id", field})', 'the whole of user'],
      ['fails: a record without one field', 'dump(exclude={"email"})', 'the whole of user'],
      ['passes: the one field of a record', 'dump(include={"id"})', 'id, exp'],
    ] as const
  ).map(([title, dump, carries]): Row => {
    const claims = `claims = user.${dump.replace('dump', 'model_dump')} | {${END}}`
    const outcome = title.startsWith('passes') ? 'pass' : 'fail'
    return [title, steps('user', [claims], 'user'), [`${outcome} app.py:5 app.py:7: The token carries ${carries}.`]]
  }),
  ...(
    [
      ['fails: the fields that its class was given', '', 'fail app.py:7: The token carries personal data (email).'],
      ['passes: but one', 'exclude={"email"}', 'pass app.py:7: The token carries id, exp.'],
    ] as const
  ).map(
    ([title, dump, said]): Row => [
      title,
      made(
        'class Claims(BaseModel):',
        '    id: int',
        '    email: str',
        'def login(user):',
        `    return jwt.encode({**Claims(id=user.id, email=user.email).dict(${dump}), ${END}}, KEY)`,
      ),
      [said],
    ],
  ),
])
