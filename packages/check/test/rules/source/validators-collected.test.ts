/** What is wrong with a body, written down first and answered later. */
import { express, type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const add = (body: string): Files => express(`app.post('/notes', async (req, res, next) => { ${body} })`)
const PASS = ['pass src/app.ts:3: 1 input of 1 route bounded and closed.']
const FAIL = ['fail src/app.ts:3: POST /notes, body: nothing checks it.']

const WRONG = "typeof title !== 'string' || title.length > 100"
const TAKEN = 'const { title } = req.body'
const ANSWER = 'return res.status(400).json({ errors })'
const SAVE = 'res.json(save(title))'

table('validators', [
  ...[
    `const errors = []; ${TAKEN}; if (${WRONG}) errors.push('title'); if (errors.length > 0) ${ANSWER}; ${SAVE}`,
    `const errors = []; ${TAKEN}; if (${WRONG}) { errors.push({ title, why: 'long' }) } if (errors.length) { ${ANSWER} } ${SAVE}`,
    `const errors = {}; ${TAKEN}; if (${WRONG}) errors.title = 'too long'; if (Object.keys(errors).length !== 0) ${ANSWER}; ${SAVE}`,
    `const errors = new Map(); ${TAKEN}; if (${WRONG}) errors.set('title', 'too long'); if (errors.size > 0) ${ANSWER}; ${SAVE}`,
    `let valid = true; ${TAKEN}; if (${WRONG}) valid = false; if (!valid) return res.sendStatus(400); ${SAVE}`,
    `const errors = []; ${TAKEN}; if (!title) errors.push('title'); else if (${WRONG}) errors.push('title'); if (errors.length > 0) ${ANSWER}; ${SAVE}`,
    `const errors = []; ${TAKEN}; if (title !== undefined) { if (${WRONG}) errors.push('title') } if (errors.length > 0) ${ANSWER}; ${SAVE}`,
    `const errors = []; ${TAKEN}; if (${WRONG}) errors.push('title'); if (errors.length > 0) throw new BadRequest(errors); ${SAVE}`,
    `const errors = []; ${TAKEN}; if (${WRONG}) errors.push('title'); if (errors.length > 0) { next(new BadRequest(errors)); return } ${SAVE}`,
    `const errors = []; ${TAKEN}; if (${WRONG}) errors.push('title'); if (errors.length === 0) { ${SAVE} } else { res.status(422).json({ errors }) }`,
    `const errors = []; const { title, size } = req.body; if (${WRONG}) errors.push('title'); if (!Number.isInteger(size) || size < 0 || size > 9) errors.push('size'); if (errors.length > 0) ${ANSWER}; res.json(save(title, size))`,
  ].map((body): Row => [`passes: ${body}`, add(body), PASS]),
  ...[
    // Nobody asks for it, or nothing comes of it.
    `const errors = []; ${TAKEN}; if (${WRONG}) errors.push('title'); ${SAVE}`,
    `const errors = []; ${TAKEN}; if (${WRONG}) errors.push('title'); if (errors.length > 0) res.status(400).json({ errors }); ${SAVE}`,
    // Another one is asked, or the wrong way round.
    `const errors = [], warnings = []; ${TAKEN}; if (${WRONG}) warnings.push('title'); if (errors.length > 0) ${ANSWER}; ${SAVE}`,
    `let valid = true; ${TAKEN}; if (${WRONG}) valid = false; if (valid) return res.sendStatus(400); ${SAVE}`,
    `const errors = []; ${TAKEN}; if (${WRONG}) errors.push('title'); if (errors.length > 0) { ${SAVE} } else { ${ANSWER} }`,
    // It is used before.
    `const errors = []; ${TAKEN}; if (${WRONG}) errors.push('title'); await find(title); if (errors.length > 0) ${ANSWER}; ${SAVE}`,
    `const errors = []; ${TAKEN}; if (${WRONG}) errors.push('title'); if (await isTaken(title)) errors.push('taken'); if (errors.length > 0) ${ANSWER}; ${SAVE}`,
  ].map((body): Row => [`fails: ${body}`, add(body), FAIL]),
])
