/** Stacks that an answer takes out of the error first, or puts in late, with the twins that show nothing. */
import { express, table } from './judged.ts'

const IMAGE = { Dockerfile: 'FROM node:24\nENV NODE_ENV=production\nCMD ["node", "src/app.ts"]\n' }
const CLEAN = ['pass (nothing of the kind in 1 file): No debug mode, and no stack in an answer.']
const SHOWN = ['fail src/app.ts:3: a stack in the answer of an error handler.']

const handler = (body: string, error = 'err') => ({
  ...IMAGE,
  ...express(`app.use((${error}, req, res, next) => { ${body} })`, "app.get('/x', x)"),
})
const caught = (error: string, answer: string) => ({
  ...IMAGE,
  ...express(
    `app.get('/x', async (req, res) => { try { await x() } catch (${error}) { res.status(500).json(${answer}) } })`,
    'app.use((err, req, res, next) => { res.sendStatus(500) })',
  ),
})

table('debug', [
  [
    'fails: taken out of the error',
    handler('const { status = 500, message, stack } = err; res.json({ message, stack })'),
    SHOWN,
  ],
  ['fails: under another name', handler('const { stack: trace } = err; res.json({ trace })'), SHOWN],
  ['fails: by the parameter', handler('res.json({ message, stack })', '{ message, stack }'), SHOWN],
  [
    'fails: by the catch',
    caught('{ message, stack }', '{ message, stack }'),
    ['fail src/app.ts:3: a stack in the answer of a handler.'],
  ],
  ['passes: the catch takes it, and the answer does not', caught('{ message, stack }', '{ message }'), CLEAN],
  [
    'passes: it goes into the log',
    handler('const { stack } = err; log(stack); res.json({ message: err.message })'),
    CLEAN,
  ],
  [
    'passes: in development only',
    handler("const { stack } = err; res.json(process.env.NODE_ENV === 'development' ? { stack } : {})"),
    CLEAN,
  ],
  [
    'passes: taken out in development only',
    handler("const { stack } = process.env.NODE_ENV === 'development' ? err : {}; res.json({ stack })"),
    CLEAN,
  ],
  ['passes: a stack that somebody sent in', handler('const { stack } = req.body; res.json({ stack })'), CLEAN],
  ['passes: each of some stacks', handler('for (const stack of tower) res.write(stack); res.end()'), CLEAN],
  [
    'fails: put in by Object.assign',
    handler('const body = { message: err.message }; Object.assign(body, { stack: err.stack }); res.json(body)'),
    SHOWN,
  ],
  [
    'passes: put in by Object.assign, in development only',
    handler(
      "const body = {}; if (process.env.NODE_ENV === 'development') Object.assign(body, { stack: err.stack }); res.json(body)",
    ),
    CLEAN,
  ],
  [
    'passes: put into what is logged',
    handler(
      'const entry = {}; Object.assign(entry, { stack: err.stack }); log(entry); res.json({ message: err.message })',
    ),
    CLEAN,
  ],
])

const SERIALIZE = "import { serializeError } from 'serialize-error'"
const serialized = (body: string) => ({
  ...IMAGE,
  ...express(`app.use((err, req, res, next) => { ${body} })`, SERIALIZE, "app.get('/x', x)"),
})

table('debug', [
  ['fails: serialize-error makes an object that has it', serialized('res.json({ error: serializeError(err) })'), SHOWN],
  ['passes: it makes it for the log', serialized("log(serializeError(err)); res.json({ error: 'no' })"), CLEAN],
  [
    'passes: and the stack is taken out',
    serialized('const body = serializeError(err); delete body.stack; res.json(body)'),
    CLEAN,
  ],
  [
    'passes: a function of its own of that name',
    handler('const serializeError = (one) => ({ message: one.message }); res.json(serializeError(err))'),
    CLEAN,
  ],
  [
    'fails: in Hono',
    {
      'src/app.ts': `import { Hono } from 'hono'\n${SERIALIZE}\nconst app = new Hono().onError((err, c) => c.json(serializeError(err), 500))\napp.get('/x', x)`,
    },
    ['fail src/app.ts:3: a stack in the answer.'],
  ],
])
