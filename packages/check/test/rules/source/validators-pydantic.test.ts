/** What Pydantic's models bound, in the spellings of both of its versions. */
import { type Files, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

/** The field stands in line 6. */
const field = (written: string, ...before: readonly string[]): Files => ({
  'main.py': [
    'from typing import Annotated; from decimal import Decimal',
    'from fastapi import FastAPI',
    'from pydantic import AfterValidator, BaseModel, Field, conlist, conset, constr, validator',
    'app = FastAPI()',
    'class Note(BaseModel):',
    `    ${written}`,
    ...before,
    '@app.post("/notes")',
    'def create(note: Note):',
    '    return note',
  ].join('\n'),
})

const passes = (line = 8) => [`pass main.py:${line}: 1 input of 1 route bounded and closed.`]
const fails = (what: string) => [`fail main.py:6: POST /notes, body: Note.${what}.`]

table('validators', [
  [
    'passes: a list with its items and its length',
    field('tags: conlist(constr(max_length=20), max_items=8)'),
    passes(),
  ],
  ['passes: a number of so many digits', field('cost: Decimal = Field(max_digits=8, decimal_places=2)'), passes()],
  ['passes: a number that is an id', field('identifier: int'), passes()],
  [
    'fails: a number of any size',
    field('cost: Decimal = Field(decimal_places=2)'),
    fails('cost: a number without bounds'),
  ],
  [
    'passes: a list by the names of its bounds',
    field('tags: conset(item_type=constr(max_length=20), max_length=8)'),
    passes(),
  ],
  [
    'fails: a list of texts of any length',
    field('tags: conlist(str, max_length=8)'),
    fails('tags: a string without a greatest length'),
  ],
  ['fails: a list of any length', field('tags: conlist(constr(max_length=20))'), fails('tags: a list of any length')],
  ['fails: a list of anything', field('tags: conlist(max_items=8)'), fails('tags: a list of anything')],
])

const validated = (test: string) =>
  field(
    'title: str',
    '    @validator("title")',
    '    def looked_at(cls, value):',
    `        if ${test}:`,
    '            raise ValueError("no")',
    '        return value',
  )

table('validators', [
  ['passes: a validator that asks for the length', validated('len(value) > 80'), passes(13)],
  ['passes: one that has a list', validated('value not in ALLOWED'), passes(13)],
  [
    'fails: one that asks for a sign in it',
    validated('"@" not in value'),
    fails('title: a string without a greatest length'),
  ],
])

const LONG = fails('title: a string without a greatest length')

table('validators', [
  ...[
    '80 < len(value)',
    'not len(value) <= 80',
    'not value or len(value) > MAX',
    'len(value) != 6',
    'not (1 <= len(value) <= 80)',
    'not re.fullmatch("[a-z]{3,20}", value)',
    're.match(r"^[a-z]+$", value) is None',
    'not SLUG.match(value)',
    'any(len(part) > 20 for part in value.split())',
    'is_refused(len(value))',
  ].map((one): Row => [`passes: ${one}`, validated(one), passes(13)]),
  ...[
    'len(value) < 8',
    'not len(value) >= 8',
    '8 > len(value)',
    'len(value) == 0',
    'not re.search(r"[A-Z]", value)',
    'not re.match(r"[A-Za-z]", value)',
    're.search("<script", value)',
    'len(value) < 8 or not re.search(r"[0-9]", value)',
    'value in COMMON',
    'value.lower() in COMMON or value.isalpha()',
  ].map((one): Row => [`fails: ${one}`, validated(one), LONG]),
])

const counted = (test: string) =>
  field(
    'count: int',
    '    @validator("count")',
    '    def looked_at(cls, value):',
    `        if ${test}:`,
    '            raise ValueError("no")',
    '        return value',
  )

table('validators', [
  ...['value < 1 or value > 100', 'not 1 <= value <= MAX', 'value not in (1, 2)'].map(
    (one): Row => [`passes: ${one}`, counted(one), passes(13)],
  ),
  ...['value < 1', 'not value > 0', '0 >= value', 'value < 1 or value <= LEAST'].map(
    (one): Row => [`fails: ${one}`, counted(one), fails('count: a number without bounds')],
  ),
])

const login = (written: string): Files => ({
  'main.py': [
    'from typing import Annotated',
    'from fastapi import Depends, FastAPI',
    'from fastapi.security import OAuth2PasswordRequestForm',
    'app = FastAPI()',
    '@app.post("/token")',
    `def token(${written}):`,
    '    return make(form.username)',
  ].join('\n'),
})

const FORM = ['username', 'password'].map(
  (name) => `fail main.py:6: POST /token, body: ${name}: a string without a greatest length.`,
)

table('validators', [
  [
    'fails: the form of FastAPI, whose texts have any length',
    login('form: OAuth2PasswordRequestForm = Depends()'),
    FORM,
  ],
  ['fails: the same by its annotation', login('form: Annotated[OAuth2PasswordRequestForm, Depends()]'), FORM],
])

/** The model of the body is line 5. */
const root = (written: string, ...fields: readonly string[]): Files => ({
  'main.py': [
    'from typing import Annotated',
    'from fastapi import FastAPI',
    'from pydantic import BaseModel, Field, RootModel, constr',
    'app = FastAPI()',
    `class Names(${written}):`,
    ...(fields.length > 0 ? fields : ['pass']).map((one) => `    ${one}`),
    '@app.post("/names")',
    'def create(names: Names):',
    '    return names',
  ].join('\n'),
})

const ANY_LENGTH = (line: number, name: string) =>
  [`${name}: a list of any length`, `${name}: a string without a greatest length`].map(
    (what) => `fail main.py:${line}: POST /names, body: ${what}.`,
  )

table('validators', [
  ['fails: a list that is all of the body', root('RootModel[list[str]]'), ANY_LENGTH(5, 'Names')],
  [
    'fails: any keys that are all of the body',
    root('RootModel[dict[str, str]]'),
    ['fail main.py:5: POST /names, body: Names: any keys.'],
  ],
  [
    'fails: a list that is all of the body, as Pydantic 1 writes it',
    root('BaseModel', '__root__: list[str]'),
    ANY_LENGTH(6, 'Names.__root__'),
  ],
  [
    'passes: a list that is all of the body, with its bounds',
    root('RootModel[Annotated[list[constr(max_length=20)], Field(max_length=8)]]'),
    passes(8),
  ],
  [
    'passes: a list that is all of the body, by its field',
    root('RootModel', 'root: list[constr(max_length=20)] = Field(max_length=8)'),
    passes(8),
  ],
])
