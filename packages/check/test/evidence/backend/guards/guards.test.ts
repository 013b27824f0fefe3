import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { exceptionFaults, guardIn } from '../../../../src/evidence/backend/guards/guards.ts'
import { readingOf, type Sources } from '../../sources.ts'

const used = (text: string, more: Sources = {}) => {
  const reading = readingOf({ 'src/app.ts': text, ...more })
  const [call] = reading.program.callsNamed('use')
  assert.ok(call?.node.args[0])
  const [node] = call.node.args
  return { reading, value: reading.evaluator.value(node, call.scope), name: node.kind === 'name' ? node.name : '' }
}

/** What is said of the argument of `use(…)`: `guard`, `optional` or `none`. */
const guard = (text: string): string => {
  const { reading, value, name } = used(text)
  const found = guardIn(reading, value, name)
  return found === undefined ? 'none' : found.optional ? 'optional' : 'guard'
}

describe('what is a guard', () => {
  const table: readonly (readonly [title: string, text: string, expected: string])[] = [
    [
      'it checks a token and refuses',
      'use((req, res, next) => { try { jwt.verify(req.headers.authorization, key); next() } catch { res.sendStatus(401) } })',
      'guard',
    ],
    [
      'it looks at the session and refuses',
      'use((req, res, next) => { if (!req.session.userId) return res.status(401).end(); next() })',
      'guard',
    ],
    [
      'it compares a key of the header and refuses',
      "use((req, res, next) => { if (req.headers['x-api-key'] !== KEY) return res.status(403).end(); next() })",
      'guard',
    ],
    [
      'it refuses by throwing',
      'const requireAuth = (req, res, next) => { if (!req.user) throw new UnauthorizedError(); next() }; use(requireAuth)',
      'guard',
    ],
    [
      'it sends people to the login',
      "const ensureLoggedIn = (req, res, next) => { if (!req.user) return res.redirect('/login'); next() }; use(ensureLoggedIn)",
      'guard',
    ],
    [
      'it is wrapped in something that catches',
      "const wrap = (run) => (req, res, next) => { run(req, res, next).catch(next) }; use(wrap(async (req, res, next) => { if (!(await keys.find(req.headers['x-api-key']))) throw new ForbiddenError(); next() }))",
      'guard',
    ],
    [
      'it looks at a header whose name is a constant',
      "enum Header { KEY = 'x-api-key' }; use((req, res, next) => { if (!known(req.headers[Header.KEY]?.toString())) return res.sendStatus(403); next() })",
      'guard',
    ],
    [
      'it asks for a header whose name is a constant',
      "const KEY = 'X-API-Key'; use((req, res, next) => { if (!known(req.header(KEY))) return res.sendStatus(403); next() })",
      'guard',
    ],
    [
      'it waits for a promise of the verification',
      'use(async (req, res, next) => { try { req.claims = await promisify(jwt.verify)(req.query.t, key); next() } catch { res.sendStatus(401) } })',
      'guard',
    ],
    [
      'what is wrapped refuses nobody',
      'const wrap = (run) => (req, res, next) => { run(req, res, next).catch(next) }; use(wrap(async (req, res, next) => { log(req.headers.authorization); next() }))',
      'none',
    ],
    [
      'it looks at another header',
      "const LANGUAGE = 'accept-language'; use((req, res, next) => { if (!known(req.headers[LANGUAGE])) return res.sendStatus(403); next() })",
      'none',
    ],
    ['it only hands on', 'const auth = (req, res, next) => next(); use(auth)', 'none'],
    [
      'it hands on whatever happens',
      'use((req, res, next) => { try { req.user = decode(req.headers.authorization) } catch {} next() })',
      'none',
    ],
    [
      'it refuses what has nothing to do with who calls',
      'use((req, res, next) => { if (req.body.length > 9) return res.status(403).end(); next() })',
      'none',
    ],
    [
      'it hands on what it could not verify',
      'const auth = (req, res, next) => { try { req.user = jwt.verify(t, key); next() } catch { next() } }; use(auth)',
      'none',
    ],
    [
      'it hands on what it could not verify, and refuses only what has no token',
      'const auth = (req, res, next) => { if (!t) return res.sendStatus(401); try { jwt.verify(t, key) } catch (e) { return next() } next() }; use(auth)',
      'none',
    ],
    [
      'it hands on what it could not verify, in a callback',
      'const auth = (req, res, next) => { jwt.verify(t, key, (err, user) => { if (err) return next(); req.user = user; next() }) }; use(auth)',
      'none',
    ],
    [
      'it hands the error on',
      'const auth = (req, res, next) => { try { req.user = jwt.verify(t, key); next() } catch (e) { next(e) } }; use(auth)',
      'guard',
    ],
    [
      'it lets the error out',
      'const auth = (req, res, next) => { req.user = jwt.verify(t, key); next() }; use(auth)',
      'guard',
    ],
    [
      'it refuses but for what has another credential',
      'const auth = (req, res, next) => { try { jwt.verify(t, key); next() } catch { if (isInternal(req)) return next(); res.sendStatus(401) } }; use(auth)',
      'guard',
    ],
    ['it logs', 'use((req, res, next) => { console.log(req.path); next() })', 'none'],
    [
      'made by a function',
      'const need = (role) => (req, res, next) => { if (req.session.role !== role) return res.sendStatus(403); next() }; use(need("admin"))',
      'guard',
    ],
    [
      'wrapped',
      'const wrap = (f) => f; const auth = (req, res, next) => { if (!req.session.id) return res.sendStatus(401); next() }; use(wrap(auth))',
      'guard',
    ],
    [
      'the check is in a function of its own',
      'const check = (req) => { if (!jwt.verify(req.headers.authorization, key)) throw new Unauthorized() }; use((req, res, next) => { check(req); next() })',
      'guard',
    ],
    [
      'optional by its name',
      'const optionalAuth = (req, res, next) => { try { jwt.verify(t, key) } catch { if (strict) return res.sendStatus(401) } next() }; use(optionalAuth)',
      'optional',
    ],
    ['passport', "import passport from 'passport'; use(passport.authenticate('jwt'))", 'guard'],
    ["passport's set-up", "import passport from 'passport'; use(passport.initialize())", 'none'],
    ['passport itself', "import passport from 'passport'; use(passport())", 'none'],
    ["passport's session", "import passport from 'passport'; use(passport.session())", 'none'],
    ['express-jwt', "import { expressjwt } from 'express-jwt'; use(expressjwt({ secret }))", 'guard'],
    [
      'express-jwt that lets everybody through',
      "import { expressjwt } from 'express-jwt'; use(expressjwt({ secret, credentialsRequired: false }))",
      'optional',
    ],
    ['basic auth', "import basicAuth from 'express-basic-auth'; use(basicAuth({ users }))", 'guard'],
    ['of another package, by its name', "import { requireAuth } from '@org/auth'; use(requireAuth)", 'guard'],
    ['of another package, by a name of something else', "import { session } from '@org/session'; use(session)", 'none'],
  ]
  for (const [title, text, expected] of table)
    test(title, () => {
      assert.equal(guard(text), expected)
    })
})

describe('what a guard does after a check that failed', () => {
  const START = 'if (!token) return res.sendStatus(401); let claims = null'
  const CHECK = 'try { claims = jwt.verify(token, key); req.userId = claims.sub }'
  const table: readonly (readonly [after: string, expected: string])[] = [
    [`${START}; ${CHECK} catch {} next()`, 'none'],
    [`${START}; ${CHECK} catch (error) { console.warn('bad token', error) } next()`, 'none'],
    [`${START}; ${CHECK} catch { req.userId = null } return next()`, 'none'],
    [`${START}; ${CHECK} catch {} req.sub = claims?.sub; await next()`, 'none'],
    [`${START}; ${CHECK} catch {} if (claims) req.sub = claims.sub; next()`, 'none'],
    // The refusal comes after, or by another way.
    [`${START}; ${CHECK} catch {} if (!claims) throw new HttpError(401); next()`, 'guard'],
    [`${START}; ${CHECK} catch { req.userId = null } if (!req.userId) return res.sendStatus(401); next()`, 'guard'],
    [`${START}; ${CHECK} catch {} return claims ? next() : res.sendStatus(401)`, 'guard'],
    [`${START}; ${CHECK} catch {} requireUser(req); next()`, 'guard'],
    [`${START}; ${CHECK} catch (error) { fail(error) } next()`, 'guard'],
    [`${START}; ${CHECK} finally { console.log('checked') } next()`, 'guard'],
    // Nothing has a member `sub`: it throws.
    [`${START}; ${CHECK} catch {} req.sub = claims.sub; next()`, 'guard'],
    [`if (!req.session.user) return res.sendStatus(401); ${CHECK} catch {} next()`, 'guard'],
    [`if (req.get('x-api-key') !== apiKey) return res.sendStatus(401); ${CHECK} catch {} next()`, 'guard'],
    [`${START}; jwt.verify(other, key); ${CHECK} catch {} next()`, 'guard'],
    [
      `${START}; try { jwt.verify(token, key); return next() } catch {} try { jwt.verify(token, old); return next() } catch {} res.sendStatus(401)`,
      'guard',
    ],
  ]
  for (const [body, expected] of table)
    test(body, () => {
      assert.equal(guard(`const auth = async (req, res, next) => { ${body} }; use(auth)`), expected)
      assert.equal(guard(`const auth = () => async (req, res, next) => { ${body} }; use(auth())`), expected)
    })
})

describe('exceptions that let through more than they name', () => {
  const faults = (test: string): readonly string[] => {
    const { reading, value } =
      used(`const PUBLIC = ['/login', '/health']; const isPublic = (path) => path.startsWith('/public');
      use((req, res, next) => { if (${test}) return next(); if (!req.session.id) return res.sendStatus(401); next() })`)
    return exceptionFaults(reading, value).map((one) => one.what)
  }
  const PART = (method: string) => [`an exception by a part of the path: ${method}`]
  const BEGIN = ['an exception by how the path begins, without its closing slash']
  const table: readonly (readonly [test: string, expected: readonly string[]])[] = [
    ["req.path.includes('/auth')", PART('includes')],
    ["req.url.indexOf('/auth') > -1", PART('indexOf')],
    ["req.originalUrl.endsWith('/login')", PART('endsWith')],
    ["req.path.startsWith('/auth')", BEGIN],
    ["req.path.startsWith('/auth/')", []],
    ['/login/.test(req.path)', ['an exception by an unanchored pattern']],
    ['/^\\/login$/.test(req.path)', []],
    ["req.path === '/login'", []],
    ['PUBLIC.includes(req.path)', []],
    ['isPublic(req.path)', BEGIN],
    ["req.headers.accept.includes('json')", []],
  ]
  for (const [text, expected] of table)
    test(text, () => {
      assert.deepEqual(faults(text), expected)
    })

  test('also in what a function gives back', () => {
    const { reading, value } = used(
      "const make = () => (req, res, next) => { if (req.path.includes('x')) return next(); res.sendStatus(401) }; use(make)",
    )
    assert.equal(exceptionFaults(reading, value).length, 1)
  })
})
