/** Validations that answer a question, or give back what is wrong: where nobody looks at it, nothing was checked. */
import { express, type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

const program = (handler: string): Files =>
  express(
    "import { is, object, size, string, validate } from 'superstruct'",
    "import { type } from 'arktype'",
    "import { Type } from '@sinclair/typebox'",
    "import { TypeCompiler } from '@sinclair/typebox/compiler'",
    "import { Value } from '@sinclair/typebox/value'",
    'const Struct = object({ title: size(string(), 1, 80) })',
    "const Ark = type({ '+': 'reject', title: 'string <= 80' })",
    'const Box = Type.Object({ title: Type.String({ maxLength: 80 }) }, { additionalProperties: false })',
    'const Compiled = TypeCompiler.Compile(Box)',
    `app.post('/notes', async (req, res) => { ${handler} })`,
  )
const classes = (handler: string): Files =>
  express(
    "import { IsString, MaxLength, validate } from 'class-validator'",
    "import { plainToInstance } from 'class-transformer'",
    'class Note { @IsString() @MaxLength(80) title }',
    `app.post('/notes', async (req, res) => { const note = plainToInstance(Note, req.body); ${handler} })`,
  )
const SAVE = 'res.json(save(req.body))'
const STOP = 'return res.sendStatus(400)'
const PASS = ['pass src/app.ts:12: 1 input of 1 route bounded and closed.']

table('validators', [
  ...(
    [
      [`is(req.body, Struct); ${SAVE}`, 'is'],
      ['const [, note] = validate(req.body, Struct); res.json(save(note))', 'validate'],
      ['const note = Ark(req.body); res.json(save(note))', 'Ark'],
      [`Value.Check(Box, req.body); ${SAVE}`, 'Check'],
      [`Compiled.Check(req.body); ${SAVE}`, 'Check'],
    ] as const
  ).map(
    ([handler, name]): Row => [
      `fails: ${handler}`,
      program(handler),
      [`fail src/app.ts:12: POST /notes, body: nobody looks at what ${name} found.`],
    ],
  ),
  ...[
    `if (!is(req.body, Struct)) ${STOP}; ${SAVE}`,
    `const [error, note] = validate(req.body, Struct); if (error) ${STOP}; res.json(save(note))`,
    `const note = Ark(req.body); if (note instanceof type.errors) ${STOP}; res.json(save(note))`,
    'const note = Ark.assert(req.body); res.json(save(note))',
    `if (!Value.Check(Box, req.body)) ${STOP}; ${SAVE}`,
    `if (!Compiled.Check(req.body)) ${STOP}; ${SAVE}`,
  ].map((handler): Row => [`passes: ${handler}`, program(handler), PASS]),
  [
    'fails: nobody looks at what class-validator found',
    classes('await validate(note, { whitelist: true }); res.json(save(note))'),
    ['fail src/app.ts:6: POST /notes, body: nobody looks at what validate found.'],
  ],
  [
    'passes: what class-validator found is answered',
    classes(
      `const errors = await validate(note, { whitelist: true }); if (errors.length > 0) ${STOP}; res.json(save(note))`,
    ),
    ['pass src/app.ts:6: 1 input of 1 route bounded and closed.'],
  ],
  [
    'not proven: a schema of effect',
    express(
      "import { Schema } from 'effect'",
      'const Note = Schema.Struct({ title: Schema.String })',
      "app.post('/notes', (req, res) => res.json(save(Schema.decodeUnknownSync(Note)(req.body))))",
    ),
    ['not-proven src/app.ts:5: POST /notes, body: effect Schema decodeUnknownSync could not be read.'],
  ],
])
