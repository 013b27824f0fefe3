import { express, table } from './judged.ts'

const zod = (schema: string, ...lines: readonly string[]) =>
  express(
    "import { z } from 'zod'",
    `const Note = ${schema}`,
    "app.post('/notes', (req, res) => { const note = Note.parse(req.body); res.json(save(note)) })",
    ...lines,
  )

table('validators', [
  [
    'passes: bounded and closed',
    zod('z.strictObject({ title: z.string().max(100) })'),
    ['pass src/app.ts:5: 1 input of 1 route bounded and closed.'],
  ],
  [
    'fails: nothing checks it',
    express("app.post('/notes', (req, res) => { res.json(save(req.body)) })"),
    ['fail src/app.ts:3: POST /notes, body: nothing checks it.'],
  ],
  [
    'fails: a string without bounds',
    zod('z.strictObject({ title: z.string() })'),
    ['fail src/app.ts:4: POST /notes, body: body.title: a string without a maximum length.'],
  ],
  [
    'fails: open to other keys',
    zod('z.object({ title: z.string().max(100) }).passthrough()'),
    ['fail src/app.ts:4: POST /notes, body: body: unknown keys pass.'],
  ],
  [
    'fails: a schema that is made and never asked',
    express(
      "import { z } from 'zod'",
      'const Note = z.strictObject({ title: z.string().max(100) })',
      "app.post('/notes', (req, res) => { res.json(save(req.body)) })",
    ),
    ['fail src/app.ts:5: POST /notes, body: nothing checks it.'],
  ],
  [
    'fails: the body is checked and the query is not',
    zod(
      'z.strictObject({ title: z.string().max(100) })',
      "app.get('/notes', (req, res) => { res.json(find(req.query.title)) })",
    ),
    ['fail src/app.ts:6: GET /notes, query: nothing checks it.'],
  ],
  [
    'nothing is taken in',
    express("app.get('/x', (req, res) => { res.json([]) })"),
    ['not-applicable (1 route read): No route takes input.'],
  ],
  [
    'not proven: no route was found',
    express('load(app)'),
    ['not-proven (1 file read): express is there, and none of its routes could be found.'],
  ],
])

const nest = (pattern: string) => ({
  'src/app.ts': [
    "import { Body, Controller, Module, Post, ValidationPipe } from '@nestjs/common'",
    "import { NestFactory } from '@nestjs/core'",
    "import { IsString, Matches } from 'class-validator'",
    `export class Note { @IsString() @Matches(${pattern}) title: string }`,
    "@Controller('notes') export class Notes { @Post() add(@Body() note: Note) { return note } }",
    '@Module({ controllers: [Notes] }) export class AppModule {}',
    'NestFactory.create(AppModule).then((app) => app.useGlobalPipes(new ValidationPipe({ whitelist: true })))',
  ].join('\n'),
})

const pydantic = (pattern: string) => ({
  'main.py': [
    'from fastapi import FastAPI',
    'from pydantic import BaseModel, ConfigDict, Field',
    'app = FastAPI()',
    'class Note(BaseModel):',
    '    model_config = ConfigDict(extra="forbid")',
    `    title: str = Field(pattern=${pattern})`,
    '@app.post("/notes")',
    'def add(note: Note):',
    '    return note',
  ].join('\n'),
})

table('validators', [
  ['passes: Nest, a pattern', nest('/^[a-z]{1,20}$/'), ['pass src/app.ts:5: 1 input of 1 route bounded and closed.']],
  [
    'fails: Nest, a pattern that every text fits',
    nest('/[a-z]/'),
    ['fail src/app.ts:4: POST /notes, body: body.title: a string without a maximum length.'],
  ],
  [
    'passes: pydantic, a pattern',
    pydantic('r"^[a-z]{1,20}$"'),
    ['pass main.py:8: 1 input of 1 route bounded and closed.'],
  ],
  [
    'fails: pydantic, a pattern that every text fits',
    pydantic('r"^.*$"'),
    ['fail main.py:6: POST /notes, body: Note.title: a string without a greatest length.'],
  ],
])
