/**
 * The table of items: what each one means, why it matters, the shortest mend, and where the standards say it. Ids never change
 * their meaning; an item that is retired leaves its id unused. ASVS is OWASP's Application Security Verification Standard 5.0,
 * API its API Security Top 10 of 2023.
 */
export type Severity = 'critical' | 'high' | 'medium' | 'low'

export interface Item {
  readonly id: string
  /** One line that is true when the item holds. */
  readonly title: string
  readonly severity: Severity
  readonly why: string
  readonly mend: string
  readonly asvs: readonly string[]
  readonly apiTop10: readonly string[]
  /** Whether it is one of the ten of the pre-staging checklist; the others go beyond it. */
  readonly ten: boolean
}

const TABLE = {
  'jwt-expiry': {
    title: 'Every access token lives under 60 minutes',
    severity: 'high',
    why: 'A token that leaks is good until it expires: hours or days of somebody else being your user.',
    mend: 'Sign access tokens with an expiry of 15 minutes (expiresIn: "15m", timedelta(minutes=15)) and renew them by a refresh token.',
    asvs: ['V9.2.1', 'V7.3.2'],
    apiTop10: ['API2:2023'],
    ten: true,
  },
  'auth-rate-limit': {
    title: 'Every way to try a credential is rate limited',
    severity: 'high',
    why: 'Without a limit a password list is tried at the speed of the network.',
    mend: 'Put a limiter (10 a minute for a client) on login, registration, refresh and password reset.',
    asvs: ['V6.3.1', 'V2.4.1'],
    apiTop10: ['API2:2023', 'API4:2023'],
    ten: true,
  },
  validators: {
    title: 'Every body, query and path value has a type, bounds, and no unknown keys',
    severity: 'medium',
    why: "What is not bounded is somebody else's choice: megabytes in a name, a key the handler passes on to the database.",
    mend: 'Give the route a schema that bounds every string, number and array and refuses unknown keys.',
    asvs: ['V2.2.1', 'V2.2.2', 'V15.3.3'],
    apiTop10: ['API3:2023', 'API4:2023'],
    ten: true,
  },
  'default-deny': {
    title: 'One guard covers every route that nobody marked public',
    severity: 'critical',
    why: 'Where each route has to remember its own guard, the one that forgets is open to everybody.',
    mend: 'Put the guard on the whole application and mark the few public routes.',
    asvs: ['V8.2.1', 'V8.3.1'],
    apiTop10: ['API5:2023', 'API2:2023'],
    ten: true,
  },
  cors: {
    title: 'Only listed origins may read answers in a browser',
    severity: 'medium',
    why: 'A wildcard or a reflected origin lets any page that a user visits read what the API answers.',
    mend: 'List the origins by their full names: https://app.example.com.',
    asvs: ['V3.4.2'],
    apiTop10: ['API8:2023'],
    ten: true,
  },
  debug: {
    title: 'Debugging is off',
    severity: 'high',
    why: 'A debug page shows source, settings and stack traces, and sometimes runs code for whoever asks.',
    mend: 'Turn debug off unless a development setting says otherwise, and send errors without their stack.',
    asvs: ['V13.4.2', 'V16.5.1'],
    apiTop10: ['API8:2023'],
    ten: true,
  },
  'hardcoded-secret': {
    title: 'No secret in tracked files or in git history',
    severity: 'critical',
    why: 'Whoever reads the repository, or ever cloned it, can sign tokens as anybody.',
    mend: 'Read it from the environment without a fallback, refuse to start when it is missing, and change the one that was committed.',
    asvs: ['V13.3.1'],
    apiTop10: ['API8:2023'],
    ten: true,
  },
  'docs-exposed': {
    title: 'API documentation is not public',
    severity: 'low',
    why: 'It hands everybody the list of routes, fields and forgotten endpoints.',
    mend: 'Serve it in development only, or behind the guard.',
    asvs: ['V13.4.5'],
    apiTop10: ['API9:2023', 'API8:2023'],
    ten: true,
  },
  'jwt-payload': {
    title: 'Tokens carry no password, personal data or role',
    severity: 'high',
    why: 'A payload is readable by whoever holds the token, and what it says (a role) stays true until it expires.',
    mend: "Put the user's id in sub, and nothing else; look up the rest on the server.",
    asvs: ['V14.2.6', 'V8.3.2'],
    apiTop10: ['API3:2023', 'API5:2023'],
    ten: true,
  },
  'forwarded-for': {
    title: 'The limiter counts the client: neither a header that anyone may send, nor the proxy',
    severity: 'high',
    why: 'A forged X-Forwarded-For gives a fresh quota for each try; counting the proxy locks everybody out together.',
    mend: 'Name the proxies that are trusted (trust proxy: 1 or their addresses) and key the limiter on the address that results.',
    asvs: ['V15.3.4', 'V4.1.3', 'V6.3.1'],
    apiTop10: ['API4:2023', 'API8:2023'],
    ten: true,
  },
  'jwt-verification': {
    title: 'Signatures are verified, with the algorithm pinned',
    severity: 'critical',
    why: 'A token that is only decoded, or whose own header chooses the algorithm, can be written by anybody.',
    mend: 'Verify with a fixed list of algorithms (algorithms: ["HS256"]) and never read an unverified payload.',
    asvs: ['V9.1.1', 'V9.1.2'],
    apiTop10: ['API2:2023'],
    ten: false,
  },
  'weak-key': {
    title: 'The signing key cannot be guessed offline',
    severity: 'critical',
    why: 'One token is enough to try a word list against the key at millions of guesses a second.',
    mend: 'Use 32 random bytes: openssl rand -base64 32.',
    asvs: ['V11.2.3', 'V11.5.1'],
    apiTop10: ['API2:2023'],
    ten: false,
  },
  'declared-but-open': {
    title: 'What the document declares secured answers nobody without a token',
    severity: 'critical',
    why: 'The document says that a route is protected; the backend answered without a token.',
    mend: 'Put the guard on the route, or on the whole application.',
    asvs: ['V8.2.1'],
    apiTop10: ['API5:2023', 'API2:2023'],
    ten: false,
  },
  'undocumented-routes': {
    title: 'No route answers that the document does not list',
    severity: 'medium',
    why: 'What nobody lists nobody reviews: old versions, debug pages, metrics.',
    mend: 'List the route in the document, protect it, or remove it.',
    asvs: ['V13.4.5', 'V13.4.1', 'V15.2.3'],
    apiTop10: ['API9:2023'],
    ten: false,
  },
  'unused-limiter': {
    title: 'Every limiter that is created is in use',
    severity: 'medium',
    why: 'It looks protected in review, and nothing is limited.',
    mend: 'Mount it (app.use(limiter), or on the route), or delete it.',
    asvs: ['V2.4.1'],
    apiTop10: ['API4:2023'],
    ten: false,
  },
  'error-disclosure': {
    title: 'Bad input is answered without a 500 or a stack trace',
    severity: 'medium',
    why: 'A trace tells file names, versions and queries; a 500 on input says that nothing checked it.',
    mend: 'Answer bad input with a 4xx, and errors with one general sentence.',
    asvs: ['V16.5.1'],
    apiTop10: ['API8:2023'],
    ten: false,
  },
  'value-echo': {
    title: 'Errors do not repeat the refused value',
    severity: 'low',
    why: 'A refused password comes back in the answer, and from there into logs.',
    mend: 'Say which field is wrong and what it must be, never what was sent.',
    asvs: ['V14.2.6', 'V16.5.1'],
    apiTop10: ['API8:2023'],
    ten: false,
  },
  'logout-revocation': {
    title: 'Logging out ends the token',
    severity: 'medium',
    why: 'A token that was copied stays good after its owner logged out.',
    mend: 'Keep sessions on the server and look them up on each request.',
    asvs: ['V7.4.1'],
    apiTop10: ['API2:2023'],
    ten: false,
  },
  'user-enumeration': {
    title: 'A failed login does not say whether the account exists',
    severity: 'medium',
    why: 'It makes a list of your users, to be tried elsewhere.',
    mend: 'Answer unknown accounts and wrong passwords with the same status and words.',
    asvs: ['V6.3.8'],
    apiTop10: ['API2:2023'],
    ten: false,
  },
  'mass-assignment': {
    title: 'An extra role is refused at registration',
    severity: 'critical',
    why: 'Whoever registers with a role of admin is one.',
    mend: 'Refuse unknown keys, and never spread a body into a record.',
    asvs: ['V15.3.3'],
    apiTop10: ['API3:2023'],
    ten: false,
  },
  'unsafe-deployment': {
    title: 'Images and settings run the backend safely',
    severity: 'medium',
    why: 'A reloading server, a proxy list of everybody or a tracked .env goes to production as it is.',
    mend: 'Drop --reload and --forwarded-allow-ips=* from images, and .env from git.',
    asvs: ['V13.4.2', 'V13.3.1', 'V4.1.3'],
    apiTop10: ['API8:2023'],
    ten: false,
  },
  'cookie-flags': {
    title: 'Session cookies are HttpOnly, Secure and SameSite',
    severity: 'medium',
    why: 'A script reads the cookie, a plain connection shows it, another site sends it.',
    mend: 'Set httpOnly, secure and sameSite on the cookie.',
    asvs: ['V3.3.1', 'V3.3.2', 'V3.3.4'],
    apiTop10: ['API2:2023', 'API8:2023'],
    ten: false,
  },
  'vulnerable-dependencies': {
    title: 'No locked dependency has a known hole',
    severity: 'high',
    why: 'Somebody has already written down how to use it.',
    mend: 'npm audit fix, or the newer version that the advisory names.',
    asvs: ['V15.2.1'],
    apiTop10: ['API8:2023'],
    ten: false,
  },
} as const satisfies Readonly<Record<string, Omit<Item, 'id'>>>

export type ItemId = keyof typeof TABLE

/** Every item, the ten of the checklist first. */
export const items: readonly (Item & { readonly id: ItemId })[] = (Object.keys(TABLE) as ItemId[]).map((id) => ({
  id,
  ...TABLE[id],
}))

/** The item of that id. */
export const itemOf = (id: ItemId): Item => ({ id, ...TABLE[id] })
