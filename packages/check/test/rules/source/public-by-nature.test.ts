/** Which routes are met before there is a session, by their method and path. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Route } from '../../../src/evidence/backend/index.ts'
import { isPublicByNature } from '../../../src/rules/source/public-routes.ts'

const isPublic = (line: string): boolean => {
  const [method = '', path = '', handler = '', guard = 'none'] = line.split(' ')
  const at = { file: 'app.ts', line: 1, text: '' }
  const route: Route = {
    framework: 'express',
    method,
    path,
    handler,
    at,
    guard: guard === 'own' ? 'own' : 'none',
    limiters: [],
    inputs: [],
  }
  return isPublicByNature(route)
}

test('is public by nature: what people and machines meet before there is a session', () => {
  const lines = [
    'GET /',
    'ALL *',
    'POST /login',
    'POST /api/v1/log-in',
    'POST /users/login/google',
    'POST /session',
    'POST /api/sessions/',
    'POST /door create_session',
    'POST /google-login',
    'POST /auth/refresh',
    'POST /refresh_token',
    'POST /refreshtoken',
    'POST /auth/:provider/callback',
    'POST /forgot-password',
    'POST /forgotPassword',
    'POST /users/forgot-my-password',
    'OPTIONS /orders/:id',
    'POST /reset_password/:token',
    'POST /users/password-reset',
    'PUT /verify-email/{token}',
    'POST /resend-verification-email',
    'POST /confirm/<token>',
    'POST /accept-invitation',
    'POST /sign-up',
    'POST /register',
    'POST /users',
    'POST /api/accounts/',
    'POST /people createUser',
    'MUTATION signUp',
    'MUTATION add UsersResolver.createUser',
    'POST /stripe-webhook',
    'POST /contact-us',
    'DELETE /logout',
    'DELETE /users/sign_out',
    'GET /health-check',
    'GET /healthz',
    'ALL /status',
    'GET /metrics',
    'GET /api-docs',
    'GET /docs-json',
    'GET /docs/oauth2-redirect',
    'GET /openapi.json',
    'GET /api/swagger-ui.html',
    'GET /favicon.ico',
    'GET /static/*',
  ]
  for (const line of lines) assert.equal(isPublic(line), true, line)
})

test('is not: another word that holds one of those', () => {
  const lines = [
    'GET /shipping/:id',
    'POST /shipping',
    'GET /deliveries/:id',
    'GET /conversions/:id',
    'GET /invitations',
    'POST /invitations',
    'GET /tokens/:id',
    'GET /shopping-cart/:id',
    'GET /assessors',
    'GET /authors',
    'GET /live-orders',
    'GET /order-status',
    'POST /push-tokens',
    'GET /contacts',
    'GET /orders/:status',
  ]
  for (const line of lines) assert.equal(isPublic(line), false, line)
})

test('is not: another method than the one that is public', () => {
  const lines = [
    'GET /users',
    'ALL /users',
    'PUT /users',
    'PATCH /accounts',
    'DELETE /users',
    'DELETE /shipping/:id',
    'DELETE /auth/sessions/:id',
    'DELETE /session',
    'GET /sessions',
    'DELETE /login',
    'DELETE /',
    'DELETE /tokens/:id',
    'PUT /orders/:id/status',
    'POST /videos/:id/live',
    'MUTATION deleteUser',
  ]
  for (const line of lines) assert.equal(isPublic(line), false, line)
})

test('is public by nature: what is below a door, one step or by words that go with it', () => {
  const lines = [
    'GET /auth/google',
    'GET /auth/google/callback',
    'GET /auth/:provider/url',
    'ALL /api/auth/*',
    'POST /auth/otp/send',
    'POST /auth/magic-link/request',
    'POST /auth/2fa/verify',
    'POST /auth/email/verify/resend',
    'POST /auth/set-password/:token',
    'PUT /auth/reset-password/:resetToken',
    'POST /webhooks/stripe',
    'POST /payments/:id/webhook',
    'POST /:lang/verify',
    'GET /users/:id/verify/:token',
    'POST /users/:id/verify-email',
    'GET /invitations/:token',
    'POST /invite/accept',
    'POST /contact',
    'POST /newsletter/subscribe',
    'GET /newsletter/unsubscribe/:token',
    'POST /admin/login',
    'POST /admin/forgot-password',
    'GET /auth/users list own',
    'PUT /auth/users/:id/role promote own',
  ]
  for (const line of lines) assert.equal(isPublic(line), true, line)
})

test('is not: what is below a door and for those who are in', () => {
  const lines = [
    'GET /auth/users',
    'PUT /auth/users/:id/role',
    'PATCH /auth/profile',
    'PUT /auth/password',
    'POST /auth/change-password',
    'POST /auth/impersonate/:id',
    'POST /auth/2fa/setup',
    'GET /auth/admin/roles',
    'GET /webhooks/:id/deliveries',
    'PUT /webhooks/:id',
  ]
  for (const line of lines) assert.equal(isPublic(line), false, line)
})

test('is not: what is done to one thing of many, what administrators do, and what was sent in', () => {
  const lines = [
    'POST /orders/:id/confirm',
    'PUT /payments/:id/verify',
    'POST /users/:id/activate',
    'POST /devices/:id/refresh',
    'POST /users/:id/accounts',
    'POST /users/:id',
    'POST /admin/users/:id/activate',
    'POST /admin/register',
    'POST /admin/reset',
    'POST /admin/users createUser',
    'POST /users/invite',
    'GET /invitations/:id',
    'GET /contact',
    'GET /newsletter',
    'GET /feedback/:id',
    'PUT /feedback/:id',
  ]
  for (const line of lines) assert.equal(isPublic(line), false, line)
})
