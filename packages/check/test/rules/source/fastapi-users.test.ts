/** A program that leaves its accounts to fastapi-users. */
import { redacted } from '../../../src/items/index.ts'
import { type Files, table } from './judged.ts'

const program = (inclusion: string, given = 'settings.reset_key'): Files => ({
  'app/main.py': [
    'import uuid',
    'from fastapi import Depends, FastAPI',
    'from fastapi_limiter.depends import RateLimiter',
    'from fastapi_users import BaseUserManager, FastAPIUsers',
    'from fastapi_users.authentication import AuthenticationBackend, JWTStrategy',
    'class UserManager(BaseUserManager):',
    `    reset_password_token_secret = ${given}`,
    'def strategy():',
    '    return JWTStrategy(secret=settings.jwt_key, lifetime_seconds=900)',
    'backend = AuthenticationBackend(name="jwt", get_strategy=strategy)',
    'fastapi_users = FastAPIUsers[User, uuid.UUID](get_user_manager, [backend])',
    'current_user = fastapi_users.current_user(active=True)',
    'app = FastAPI()',
    `app.include_router(fastapi_users.get_auth_router(backend), prefix="/auth/jwt"${inclusion})`,
    '@app.get("/notes", dependencies=[Depends(current_user)])',
    'def notes():',
    '    return []',
  ].join('\n'),
})

table('auth-rate-limit', [
  [
    'passes: a limiter where its router is included',
    program(', dependencies=[Depends(RateLimiter(times=5, seconds=60))]'),
    ['pass app/main.py:14 app/main.py:14: POST /auth/jwt/login is limited to 5 a minute.'],
  ],
  ['fails: none', program(''), ['fail app/main.py:14: POST /auth/jwt/login is not rate limited.']],
])

table('hardcoded-secret', [
  [
    'fails: what signs the links to a new password',
    program('', '"reset-4d1"'),
    [`fail app/main.py:7: ${redacted('reset-4d1')} is in the source: fastapi-users.`],
  ],
  ['passes: a setting', program(''), ['pass (1 source file read): No secret in the files; there is no git history.']],
])
