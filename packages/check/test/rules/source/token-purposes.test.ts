/** Which tokens are those of a session: what stands around a call may speak of a reset, and still the answer is a session. */
import { express, type Files, table } from './judged.ts'

const JWT = "import jwt from 'jsonwebtoken'"
const WEEK = "process.env.SECRET, { expiresIn: '7d' })"
const SIGN = `jwt.sign({ sub: user.id }, ${WEEK}`
const made = (...lines: readonly string[]): Files => express(JWT, ...lines)
const python = (...lines: readonly string[]): Files => ({
  'app.py': ['import jwt', 'from fastapi import FastAPI', 'app = FastAPI()', ...lines].join('\n'),
})
const SESSION = ['fail src/app.ts:4: An access token lives 7 days.']
const THROUGH = ['fail src/app.ts:4 src/app.ts:5: An access token lives 7 days.']
const NONE = [
  'not-applicable (no access token is made in 1 file): No call of a known token library makes an access token.',
]
const claims = (given: string) => made(`const issue = (user) => jwt.sign(${given}, ${WEEK}`)

table('jwt-expiry', [
  ...[
    '{ sub: user.id, emailVerified: user.emailVerified }',
    '{ sub: user.id, isVerified: true }',
    '{ sub: user.id, confirmed: user.confirmed }',
    '{ sub: user.id, confirm: user.confirm }',
    "{ sub: user.id, scope: 'user download' }",
  ].map((one) => [`fails: ${one} is a session’s`, claims(one), SESSION] as const),
  ...[
    '{ sub: user.id, reset: true }',
    "{ sub: user.id, verify: 'email' }",
    '{ sub: user.id, resetCode: code }',
    "{ sub: user.id, type: 'otp' }",
    "{ sub: user.id, purpose: 'email_verification' }",
    '{ sub: user.id, type: TokenType.VerifyEmail }',
  ].map((one) => [`not applicable: ${one} is another’s`, claims(one), NONE] as const),
  ...[
    `const attemptLogin = (user) => ${SIGN}`,
    `const issue = (user, template) => ${SIGN}\nissue(user, template)`,
    `const verifyOtp = (req, res) => { const token = ${SIGN}; res.json({ token }) }`,
    `const verifyCode = async (req, res) => { res.cookie('token', ${SIGN}).end() }`,
    `const verifyCredentials = (user) => ${SIGN}`,
    `class Auth { confirmLogin(req, res) { const token = ${SIGN}; const body = { token }; return res.send(body) } }`,
    `const onboardUser = (req, res) => { const token = ${SIGN}; return success(res, { token }) }`,
    `const acceptInvite = (req, res) => { const token = ${SIGN}; res.redirect('/home?token=' + token) }`,
    `passport.use(new Google({}, function verify(a, r, user, done) { done(null, ${SIGN}) }))`,
    `class Otp { verify(user, otp) { return ${SIGN} } }\nnew Otp().verify(user, req.body.otp)`,
    `const { JWT_VERIFY_SECRET } = process.env; const make = (user) => jwt.sign({ sub: user.id }, JWT_VERIFY_SECRET, { expiresIn: '7d' })`,
  ].map((text) => [`fails: ${text}`, made(text), text.includes('\n') ? THROUGH : SESSION] as const),
  ...[
    `const verifyEmail = async (user) => { const token = ${SIGN}; await mailer.send(user.email, token) }`,
    `const verifyEmail = async (req, res) => { const t = ${SIGN}; await mail(t); res.json({ message: 'sent' }) }`,
    `const reset = async (user) => { user.token = ${SIGN}; await user.save() }`,
    `const forgotPassword = (req, res) => { const token = ${SIGN}; res.json({ token }) }`,
    `const resetPasswordToken = (user) => ${SIGN}`,
    `const generateOtp = (user) => ${SIGN}`,
    `const sendVerificationEmail = (user) => ${SIGN}`,
    `const inviteUser = (req, res) => { const token = ${SIGN}; res.json({ link: URL + '/join?token=' + token }) }`,
    `const activationLink = (user) => ${SIGN}`,
    `const tempToken = ${SIGN}`,
    `const make = (user) => jwt.sign({ sub: user.id }, process.env.EMAIL_VERIFY_SECRET, { expiresIn: '7d' })`,
    `const make = (user) => jwt.sign({ sub: user.id }, process.env.RESET_SECRET, { expiresIn: '7d' })`,
    `const make = (user, type) => jwt.sign({ sub: user.id, type }, ${WEEK}\nmake(user, types.resetToken)`,
  ].map((text) => [`not applicable: ${text}`, made(text), NONE] as const),
  [
    'fails: a code by telephone gives a session, in Python',
    python(
      'def verify_otp(user, otp: str):',
      '    token = jwt.encode({"sub": user.id, "exp": datetime.utcnow() + timedelta(days=7)}, KEY)',
      '    return {"access_token": token}',
    ),
    ['fail app.py:5: An access token lives 7 days.'],
  ],
  [
    'not applicable: a link by mail, in Python',
    python(
      'def verify_email(user):',
      '    token = jwt.encode({"sub": user.id, "exp": datetime.utcnow() + timedelta(days=7)}, KEY)',
      '    send_mail(user.email, f"{URL}/verify?token={token}")',
    ),
    NONE,
  ],
  [
    'fails: beside a short one of another way in',
    made(
      `const verifyOtp = (req, res) => { const token = ${SIGN}; res.json({ token }) }`,
      "const login = (user) => jwt.sign({ sub: user.id }, process.env.SECRET, { expiresIn: '15m' })",
    ),
    [...SESSION, 'pass src/app.ts:5: Access tokens live 15 minutes.'],
  ],
])

table('jwt-payload', [
  [
    'fails: what a session says of the address',
    claims('{ sub: user.id, email: user.email, emailVerified: user.emailVerified }'),
    ['fail src/app.ts:4: The token carries personal data (email), personal data (emailVerified).'],
  ],
  [
    'not applicable: what a reset says of it',
    claims('{ sub: user.id, email: user.email, reset: true }'),
    ['not-applicable (none in 1 file): No call of a known token library makes a token for sessions.'],
  ],
])
