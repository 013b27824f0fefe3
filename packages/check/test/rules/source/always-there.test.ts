/** Guards that ask whether a promise is there, or a list: each always is. */
import { type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const used = (body: string): Files => ({
  'src/app.ts': [
    "import express from 'express'",
    "import bcrypt from 'bcrypt'",
    "import { PrismaClient } from '@prisma/client'",
    "import { findSession, find, isValid, Users } from './sessions.js'",
    'const app = express(); const prisma = new PrismaClient(); const users = new Users()',
    `app.use(async (req, res, next) => { const token = req.get('authorization')?.slice(7); ${body} })`,
    "app.post('/notes', add)",
  ].join('\n'),
  'src/sessions.ts': [
    "import mongoose from 'mongoose'",
    "export const Session = mongoose.model('Session', schema)",
    'export async function findSession(token) { return db.sessions.findOne({ token }) }',
    'export const find = (token): Promise<Found> => db.sessions.findOne({ token })',
    'export const isValid = async (token) => Boolean(await db.sessions.findOne({ token }))',
    'export class Users { async byToken(token) { return db.users.findOne({ token }) } }',
    'export const cached = (token) => sessions.get(token)',
  ].join('\n'),
})

const OPEN = [
  'const session = findSession(token); if (!session) return res.sendStatus(401); req.userId = session.userId; next()',
  'if (!token) return res.sendStatus(401); const session = findSession(token); if (!session) return res.sendStatus(401); next()',
  'const session = find(token); if (session === null || session.expired) return res.sendStatus(401); next()',
  'const session = find(token); if (!session || session.expires < Date.now()) return res.sendStatus(401); next()',
  'req.user = users.byToken(token); if (!req.user) { return res.sendStatus(401) } next()',
  'const session = findSession(token); if (session) { req.session = session; next() } else { res.sendStatus(401) }',
  'if (!isValid(token)) return res.sendStatus(401); next()',
  'return isValid(token) ? next() : res.sendStatus(401)',
  'if (!bcrypt.compare(token, hash)) return res.sendStatus(401); next()',
  'const session = prisma.session.findUnique({ where: { token } }); if (!session) return res.sendStatus(401); next()',
  'const found = await prisma.session.findMany({ where: { token } }); if (!found) return res.sendStatus(401); next()',
]

const CLOSED = [
  'const session = await findSession(token); if (!session) return res.sendStatus(401); next()',
  'const session = findSession(token); if (!(await session)) return res.sendStatus(401); next()',
  'const session = findSession(token); if (!session) return res.sendStatus(401); session.then(() => next(), () => res.sendStatus(401))',
  'const session = findSession(token); if (!session.userId) return res.sendStatus(401); next()',
  'const session = findSession(token); if (!session) return res.sendStatus(401); req.role = session.user.role; next()',
  'const session = cached(token); if (!session) return res.sendStatus(401); next()',
  'if (!(await isValid(token))) return res.sendStatus(401); next()',
  'bcrypt.compare(token, hash, (error, same) => { if (!same) return res.sendStatus(401); next() })',
  'if (token !== process.env.API_KEY) return res.sendStatus(401); if (!isValid(token)) return res.sendStatus(401); next()',
  'await requireUser(req); if (!isValid(token)) return res.sendStatus(401); next()',
  'const found = await prisma.session.findMany({ where: { token } }); if (!found.length) return res.sendStatus(401); next()',
]

table('default-deny', [
  ...OPEN.map((one): Row => [`fails: ${one}`, used(one), ['fail src/app.ts:7: No guard in front of 1 route.']]),
  ...CLOSED.map((one): Row => [`passes: ${one}`, used(one), ['pass src/app.ts:6: One guard covers 1 of 1 route.']]),
])

const hono = (word: string): Files => ({
  'src/app.ts': [
    "import { Hono } from 'hono'",
    "import { getSignedCookie } from 'hono/cookie'",
    'const app = new Hono()',
    `app.use(async (c, next) => { const id = ${word} getSignedCookie(c, key, 'id'); if (!id) return c.text('no', 401); await next() })`,
    "app.get('/notes', list)",
  ].join('\n'),
})

const fastapi = (word: string): Files => ({
  'app/main.py': [
    'from fastapi import Depends, FastAPI, HTTPException, Request',
    'async def find_session(token):',
    '    return await db.sessions.find_one({"token": token})',
    'async def require_session(request: Request):',
    `    session = ${word} find_session(request.cookies.get("sid"))`,
    '    if not session:',
    '        raise HTTPException(401)',
    'app = FastAPI(dependencies=[Depends(require_session)])',
    '@app.get("/notes")',
    'async def notes():',
    '    return []',
  ].join('\n'),
})

table('default-deny', [
  ['fails: Hono', hono(''), ['fail src/app.ts:5: No guard in front of 1 route.']],
  ['passes: Hono', hono('await'), ['pass src/app.ts:4: One guard covers 1 of 1 route.']],
  ['fails: FastAPI', fastapi(''), ['fail app/main.py:9: No guard in front of 1 route.']],
  ['passes: FastAPI', fastapi('await'), ['pass app/main.py:8: One guard covers 1 of 1 route.']],
])

const schemed = (word: string): Files => ({
  'app/main.py': [
    'import jwt',
    'from fastapi import Depends, FastAPI, HTTPException',
    'from fastapi.security import OAuth2PasswordBearer',
    'oauth2 = OAuth2PasswordBearer(tokenUrl="login")',
    'async def get_current_user(token: str):',
    '    try:',
    '        claims = jwt.decode(token, KEY, algorithms=["HS256"])',
    '    except jwt.InvalidTokenError:',
    '        raise HTTPException(401)',
    '    return users.get(claims["sub"])',
    'async def require_user(token: str = Depends(oauth2)):',
    `    user = ${word} get_current_user(token)`,
    '    if not user:',
    '        raise HTTPException(401)',
    '    return user',
    'app = FastAPI(dependencies=[Depends(require_user)])',
    '@app.get("/notes")',
    'async def notes():',
    '    return []',
  ].join('\n'),
})

table('default-deny', [
  ['fails: FastAPI, a user that nobody waits for', schemed(''), ['fail app/main.py:17: No guard in front of 1 route.']],
  [
    'passes: FastAPI, a user that is waited for',
    schemed('await'),
    ['pass app/main.py:16: One guard covers 1 of 1 route.'],
  ],
])
