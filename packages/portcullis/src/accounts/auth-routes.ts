import type { Answer, Call, RouteDefinition } from '../door/index.ts'
import { noBody, route } from '../door/index.ts'
import { authenticated, publicAccess } from '../layers/access/index.ts'
import type { SessionInfo, Tokens } from '../layers/sessions/index.ts'
import { Problem } from '../response/index.ts'
import { callerOf, contextOf } from './call.ts'
import type { CookieCall, RefreshCookie } from './refresh-cookie.ts'
import { isKnownBrowser, readRefreshCookie } from './refresh-cookie.ts'
import { answers, bodies, idParams } from './schemas.ts'
import type { Accounts } from './service.ts'

/** The routes under /auth. */
export const authRoutes = (service: Accounts, cookie: RefreshCookie): readonly RouteDefinition[] => {
  const answerTokens = (tokens: Tokens, browser: boolean): Answer => {
    const body = { access_token: tokens.accessToken, token_type: 'Bearer', expires_in: tokens.expiresIn }
    // In the one place or the other, never both: a script that could read the body would make HttpOnly pointless.
    return browser
      ? { status: 200, body, headers: { 'set-cookie': cookie.keep(tokens.refreshToken, tokens.refreshExpiresIn) } }
      : { status: 200, body: { ...body, refresh_token: tokens.refreshToken } }
  }
  const loggedOut = (call: CookieCall): Answer => ({
    status: 204,
    ...(call.knownOrigin === undefined ? {} : { headers: { 'set-cookie': cookie.drop } }),
  })

  return [
    route({
      method: 'POST',
      path: '/auth/register',
      summary: 'Make an account',
      access: publicAccess,
      limit: 'credentials',
      body: bodies.register,
      response: { 201: answers.account },
      handle: async (call) => ({ status: 201, body: await service.register(call.body, contextOf(call)) }),
    }),
    route({
      method: 'POST',
      path: '/auth/login',
      summary: 'Log in, by e-mail address or username',
      access: publicAccess,
      limit: 'credentials',
      body: bodies.logIn,
      response: { 200: answers.tokens },
      handle: async (call) => {
        const browser = isKnownBrowser(call)
        const { email, username = '', password } = call.body
        const identifier = email === undefined ? { username } : { email }
        return answerTokens(await service.logIn(identifier, password, contextOf(call)), browser)
      },
    }),
    route({
      method: 'POST',
      path: '/auth/refresh',
      summary: 'Trade a refresh token, of the body or the cookie, for new tokens',
      access: publicAccess,
      limit: 'refresh',
      body: bodies.refresh,
      response: { 200: answers.tokens },
      handle: async (call) => {
        const kept = readRefreshCookie(call, cookie.drop)
        const browser = isKnownBrowser(call)
        const sent = call.body?.refresh_token
        // Two tokens: which of them counts must not be a matter of who reads first.
        if (kept !== undefined && sent !== undefined) throw new Problem('malformed-request')
        const context = contextOf(call)
        if (kept === undefined) return answerTokens(await service.refresh(sent ?? '', context), browser)
        return answerTokens(await dropWhenRefused(service.refresh(kept, context), cookie), browser)
      },
    }),
    route({
      method: 'POST',
      path: '/auth/logout',
      summary: 'End this session',
      access: authenticated,
      body: noBody,
      response: { 204: noBody },
      handle: async (call) => {
        readRefreshCookie(call, cookie.drop)
        await service.logOut(callerOf(call), contextOf(call))
        return loggedOut(call)
      },
    }),
    route({
      method: 'POST',
      path: '/auth/logout-everywhere',
      summary: 'End every session of mine',
      access: authenticated,
      body: noBody,
      response: { 204: noBody },
      handle: async (call) => {
        readRefreshCookie(call, cookie.drop)
        await service.logOutEverywhere(callerOf(call), contextOf(call))
        return loggedOut(call)
      },
    }),
    route({
      method: 'GET',
      path: '/auth/sessions',
      summary: 'Where I am logged in',
      access: authenticated,
      response: { 200: answers.sessions },
      handle: async (call: Call) => {
        const sessions = await service.mySessions(callerOf(call))
        return { status: 200, body: { items: sessions.map(sessionBody) } }
      },
    }),
    route({
      method: 'DELETE',
      path: '/auth/sessions/:id',
      summary: 'End one of my sessions',
      access: authenticated,
      params: idParams,
      response: { 204: noBody },
      handle: async (call) => {
        await service.endSession(callerOf(call), call.params.id, contextOf(call))
        return { status: 204 }
      },
    }),
    route({
      method: 'POST',
      path: '/auth/password',
      summary: 'Change my password; my other sessions end',
      access: authenticated,
      limit: 'credentials',
      body: bodies.password,
      response: { 204: noBody },
      handle: async (call) => {
        const { current_password, new_password } = call.body
        await service.changePassword(callerOf(call), current_password, new_password, contextOf(call))
        return { status: 204 }
      },
    }),
  ]
}

/** A browser keeps sending a cookie that is of no use any more until it is told not to. */
const dropWhenRefused = async (refreshed: Promise<Tokens>, cookie: RefreshCookie): Promise<Tokens> => {
  try {
    return await refreshed
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'refresh-refused') throw error
    throw new Problem(error.code, {}, { ...error.headers, 'set-cookie': cookie.drop })
  }
}

const sessionBody = (session: SessionInfo & { readonly current: boolean }) => ({
  id: session.id,
  created_at: session.createdAt,
  last_used_at: session.lastUsedAt,
  expires_at: session.expiresAt,
  client: session.client,
  label: session.label,
  current: session.current,
})
