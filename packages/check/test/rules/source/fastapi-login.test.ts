/** fastapi-login: its manager is the guard, and makes the tokens. */
import { type Files, table } from './judged.ts'

const program = (manager: string, guard: string, token: string): Files => ({
  'main.py': [
    'import os',
    'from datetime import timedelta',
    'from fastapi import Depends, FastAPI',
    'from fastapi_login import LoginManager',
    `manager = LoginManager(os.environ["KEY"], "/login"${manager})`,
    `app = FastAPI(dependencies=[Depends(${guard})])`,
    '@app.get("/notes")',
    'def notes(): ...',
    'def token_of(user):',
    `    return manager.create_access_token(data={"sub": str(user.id)}${token})`,
  ].join('\n'),
})

table('default-deny', [
  ['passes: the manager', program('', 'manager', ''), ['pass main.py:6: One guard covers 1 of 1 route.']],
  [
    'fails: one that gives None to whoever has no token',
    program('', 'manager.optional', ''),
    ['fail main.py:7: No guard in front of 1 route.'],
  ],
])

table('jwt-expiry', [
  ['passes: its default', program('', 'manager', ''), ['pass main.py:10: Access tokens live 15 minutes.']],
  [
    'fails: the default of the manager',
    program(', default_expiry=timedelta(days=7)', 'manager', ''),
    ['fail main.py:5 main.py:10: An access token lives 7 days.'],
  ],
  [
    'fails: what the call says',
    program('', 'manager', ', expires=timedelta(hours=12)'),
    ['fail main.py:10: An access token lives 12 hours.'],
  ],
])
