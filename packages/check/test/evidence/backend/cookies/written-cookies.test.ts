/** Cookies that are written out or made by another package, those that are taken back, and flags for development. */
import { ALL, missingFlags } from './missing-flags.ts'

const RIGHT = "httpOnly: true, sameSite: 'lax'"

missingFlags([
  [`res.setHeader('Set-Cookie', \`session=\${id}; Path=/; HttpOnly\`)`, 'Secure SameSite'],
  ["res.append('set-cookie', 'session=' + id + '; Path=/')", ALL],
  [`reply.header('Set-Cookie', [\`theme=\${theme}\`, \`sid=\${id}; HttpOnly; Secure; SameSite=None\`])`, 'SameSite'],
  [`c.header('Set-Cookie', \`session=\${id}; Max-Age=\${age}; HttpOnly; Secure; SameSite=Lax\`)`, ''],
  [`res.setHeader('Set-Cookie', \`session=\${id}; \${flags}\`)`],
  ["res.setHeader('Set-Cookie', 'session=; Max-Age=0')"],
  ["res.setHeader('Set-Cookie', made)"],
  [`res.setHeader('X-Session', \`session=\${id}\`)`],
  [
    "import { serialize } from 'cookie'; res.setHeader('Set-Cookie', serialize('session', id, { httpOnly: true }))",
    'Secure SameSite',
  ],
  ["import { serialize } from './own.js'; serialize('session', id)"],
  ["res.cookie('jwt', '', { maxAge: 0 })"],
  ["res.cookie('token', 'none', { expires: new Date(Date.now() + 10_000), httpOnly: true })"],
  [`res.cookie('session', id, { ${RIGHT}, secure: process.env.NODE_ENV !== 'production' })`, 'Secure'],
  [
    `const dev = process.env.NODE_ENV === 'development'; res.cookie('session', id, { ${RIGHT}, secure: dev })`,
    'Secure',
  ],
  [`res.cookie('session', id, { ${RIGHT}, secure: process.env.NODE_ENV !== 'development' })`, ''],
  [`res.cookie('session', id, { ${RIGHT}, secure: process.env.COOKIE_SECURE === 'true' })`, ''],
  [
    `const FLAGS = { ${RIGHT}, secure: process.env.NODE_ENV !== 'production' }; res.cookie('session', id, FLAGS)`,
    'Secure',
  ],
])
