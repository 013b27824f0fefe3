import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { elapsedMs } from '../../../../portcullis/test/growth.ts'
import { Evaluator, type FunctionNode, lookup } from '../../../src/evidence/source/index.ts'
import { programOf, type Sources, shownValue } from '../sources.ts'
import { programs, python, typescript, worth } from './worth.ts'

describe('constants', () => {
  typescript('are what they are assigned, however many names lie between', [
    ['const it = 5', '5'],
    ["const a = 'x'; const b = a; const it = b", '"x"'],
    ['const it = late; const late = 7', '7'],
    ['let it; it = 5', '5'],
    ['let it = 1; it = 2', '1 | 2'],
    [`const a = 'x'; const it = \`\${a}-\${a}\``, '"x-x"'],
    [`const it = \`\${a}!\`; const a = process.env.A`, '`$A"!"`'],
    ['const it = undefined', 'null'],
    ['const it = -5', '-5'],
    ['const it = !true', 'false'],
    ['const it = /^a$/', '/^a$/'],
    ["const it = 'a' as const", '"a"'],
    ['const it = 5 satisfies number', '5'],
    ["const it = '60' as unknown as number", '"60"'],
    ['const it = nothing', 'global:nothing'],
    ['function f(a) { return a } const it = (() => 4)()', '4'],
    ['const m = { f: () => 4 }; const it = (0, m.f)()', '4'],
  ])

  typescript('an inner name hides an outer one', [
    ['const a = 1; const f = () => { const a = 2; return a }; const it = f()', '2'],
    ['const a = 1; const f = (a) => a; const it = f(3)', '3'],
    ['const a = 1; const f = () => { a; return a }; const it = f()', '1'],
  ])

  typescript('are taken out of lists and objects', [
    ["const { it } = { it: 'x' }", '"x"'],
    ["const { a: { b: it } } = { a: { b: 'x' } }", '"x"'],
    ["const [, it] = ['a', 'b']", '"b"'],
    ["const o = { a: 1, ['b']: 2 }; const it = o.b", '2'],
    ["const key = 'b'; const o = { b: 2 }; const it = o[key]", '2'],
    ['const o = { a: 1 }; const it = { ...o, b: 2 }', '{a: 1, b: 2}'],
    ['const o = { a: 1 }; const it = { a: 2, ...o }', '{a: 1}'],
    ['const o = { a: 1 }; const it = { ...o, a: 2 }', '{a: 2}'],
    ['const it = { ...other, a: 2 }', '{a: 2, ...global:other}'],
    ['const a = [1, 2]; const it = [0, ...a]', '[0, 1, 2]'],
    ['const o = { get: 1 }; const it = o.missing', '?missing'],
    ['const it = [1, 2][1]', '2'],
    ['const it = [1, 2][5]', '?'],
    ["const { password, ...it } = { id: 1, password: 'x' }", '{id: 1}'],
    ['enum Life { Short = 900, Long = 3600 } const it = Life.Short', '900'],
    ["const LIVES = { access: '15m' } as const; const it = LIVES['access']", '"15m"'],
  ])

  typescript('objects that are built in steps have what was put on them', [
    ['const f = () => { const o = { a: 1 }; o.b = 2; return o }; const it = f()', '{a: 1, b: 2}'],
    ['const it = { a: 1 }; it.a = 2', '{a: 2}'],
    ['const it = { a: 1, b: 2 }; delete it.a', '{b: 2}'],
    ["const it = { a: 1 }; it['b'] = 2", '{a: 1, b: 2}'],
    ['const it = Object.assign({}, { a: 1 }, { b: 2 })', '{a: 1, b: 2}'],
    ['const it = Object.freeze({ a: 1 })', '{a: 1}'],
  ])

  python('of Python', [
    ['it = 5', '5'],
    ['a = "x"\nit = f"{a}-{a}"', '"x-x"'],
    ['a, it = 1, 2', '2'],
    ['it: Final = 5', '5'],
    ['it = None', 'null'],
    ['it = not True', 'false'],
    ['it = {"a": 1}\nit["b"] = 2', '{a: 1, b: 2}'],
    ['it = {"a": 1}\nit.update({"b": 2}, c=3)', '{a: 1, b: 2, c: 3}'],
    ['it = {"a": 1}\nit.update(b=2)', '{a: 1, b: 2}'],
    ['it = {"a": 1, "b": 2}\nit.pop("a", None)', '{b: 2}'],
    ['it = {"a": 1, "b": 2, "c": 3}\ndel it["a"]\ndel it["b"], other["c"]', '{c: 3}'],
    ['it = {"a": 1}\nit.pop("b")\nit.pop(key)', '{a: 1}'],
    ['it = {"a": 1}\nif often: it.pop("a")', '{a: 1}'],
    ['it = {**{"a": 1}, "b": 2}', '{a: 1, b: 2}'],
    ['it = {"a": 1} | {"b": 2}', '{a: 1, b: 2}'],
    ['it = dict(a=1)', '{a: 1}'],
    ['it = dict({"a": 1}, b=2)', '{a: 1, b: 2}'],
    ['it = {"a": 1}.get("a")', '1'],
    ['import copy\nit = copy.deepcopy({"a": 1})', '{a: 1}'],
    ['def f():\n  return 3\nit = f()', '3'],
    ['it = (lambda x: x)(4)', '4'],
    ['class E(str, Enum):\n  A = "a"\nit = E.A', '"a"'],
    ['class E(str, Enum):\n  A = "a"\nit = E.A.value', '"a"'],
  ])
})

describe('either way', () => {
  typescript('of a condition', [
    ["const it = x ? 'a' : 'b'", '"a" | "b"'],
    ['const f = (long) => (long ? 3600 : 60); const it = f(true)', '3600'],
    ['const f = (long) => (long ? 3600 : 60); const it = f(false)', '60'],
    ['const f = (long) => (long ? 3600 : 60); const it = f(x)', '3600 | 60'],
    ['const f = () => { if (x) return 1; return 2 }; const it = f()', '1 | 2'],
    ['const o = x ? { a: 1 } : { a: 2 }; const it = o.a', '1 | 2'],
    ["const f = () => { const g = () => 'inner'; return 'outer' }; const it = f()", '"outer"'],
    ["const f = () => { each(() => { return 'inner' }); return 'outer' }; const it = f()", '"outer"'],
  ])

  typescript('of what an `if` changes, and was there before', [
    ['const it = { a: 1 }; if (x) it.a = 2', '{a: 1 | 2}'],
    ['const it = { a: 1 }; if (x) { y(); it.a = 2 }', '{a: 1 | 2}'],
    ['const it = { a: 1 }; if (x) { it.a = 2 } else it.a = 3', '{a: 2 | 3}'],
    ['const it = { a: 1 }; if (x) it.b = 2', '{a: 1, b: 2}'],
    ['const f = () => { if (x) { const o = { a: 1 }; o.a = 2; return o } }; const it = f()', '{a: 2}'],
  ])

  typescript('of a fallback: what is there already ends the chain', [
    ["const it = 'a' || 'b'", '"a"'],
    ["const it = '' || 'b'", '"b"'],
    ["const it = '' ?? 'b'", '""'],
    ["const it = null ?? 'b'", '"b"'],
    ["const it = undefined || 'b'", '"b"'],
    ['const it = 0 || 5', '5'],
    ['const it = 0 ?? 5', '0'],
    ["const it = x && 'b'", '"b"'],
    // There in one way through the code, and in another not.
    ["const a = x ? 'a' : null; const it = a ?? 'b'", '"a" | "b"'],
    ["const a = x ? 'a' : 'c'; const it = a || 'b'", '"a" | "c"'],
  ])

  python('of a span that is there already', [
    ['from datetime import timedelta\nit = timedelta(minutes=15) or timedelta(days=7)', '900s'],
    ['from datetime import timedelta\nit = timedelta(0) or timedelta(days=7)', '0s | 604800s'],
    ['from datetime import timedelta\nit = given or timedelta(days=7)', 'global:given | 604800s'],
    ['from datetime import timedelta\na = 15 if x else None\nit = timedelta(minutes=a or 10080)', '900s | 604800s'],
  ])
})

describe('the environment', () => {
  typescript('a setting, and the fallback behind it', [
    ['const it = process.env.KEY', '$KEY'],
    ["const it = process.env['KEY']", '$KEY'],
    ['const { KEY: it } = process.env', '$KEY'],
    ["const { KEY: it = 'x' } = process.env", '$KEY | "x"'],
    ['const env = process.env; const it = env.KEY', '$KEY'],
    ["const it = process.env.KEY || 'x'", '$KEY | "x"'],
    ["const it = process.env.KEY ?? 'x'", '$KEY | "x"'],
    ["const it = process.env.KEY || process.env.OTHER || 'x'", '$KEY | $OTHER | "x"'],
    ["const it = process.env.KEY ? process.env.KEY : 'x'", '$KEY | "x"'],
    ["const it = (process.env.KEY ?? 'x').trim()", '$KEY | "x"'],
    ['const it = process.env.KEY!', '$KEY'],
    ['const it = process.env.KEY as string', '$KEY'],
    ['const it = Number(process.env.LIFE ?? 900)', '$LIFE | 900'],
    ["const it = parseInt(process.env.LIFE || '900', 10)", '$LIFE | 900'],
    ["const it = +(process.env.LIFE ?? '900')", '$LIFE | 900'],
    ["const it = Bun.env.KEY ?? 'x'", '$KEY | "x"'],
    ["const it = import.meta.env.KEY ?? 'x'", '$KEY | "x"'],
    ["const it = Deno.env.get('KEY') ?? 'x'", '$KEY | "x"'],
    ["import { env } from 'node:process'; const it = env.KEY", '$KEY'],
    ["import process from 'node:process'; const it = process.env.KEY", '$KEY'],
    ["import * as process from 'process'; const it = process.env.KEY", '$KEY'],
    ["import 'dotenv/config'; const it = process.env.KEY ?? 'x'", '$KEY | "x"'],
    ["const key = 'KEY'; const it = process.env[key]", '$KEY'],
    [
      "const need = (name) => { const v = process.env[name]; if (!v) throw new Error(name); return v }; const it = need('KEY')",
      '$KEY',
    ],
    ["const need = (name, other) => process.env[name] ?? other; const it = need('KEY', 'x')", '$KEY | "x"'],
    ["const need = (name, other = 'x') => process.env[name] ?? other; const it = need('KEY')", '$KEY | "x"'],
  ])

  typescript('a schema of the environment, with its defaults', [
    [
      "import { z } from 'zod'; const env = z.object({ KEY: z.string() }).parse(process.env); const it = env.KEY",
      '$KEY',
    ],
    [
      "import { z } from 'zod'; const env = z.object({ JWT_KEY: z.string().default('x') }).parse(process.env); const it = env.JWT_KEY",
      '$JWT_KEY | "x"',
    ],
    [
      "import { z } from 'zod'; const schema = z.object({ LIFE: z.coerce.number().default(900) }); const env = schema.parse(process.env); const it = env.LIFE",
      '$LIFE | 900',
    ],
    [
      "import { z } from 'zod'; const read = z.object({ LIFE: z.coerce.number().default(900) }).safeParse(process.env); const it = read.data.LIFE",
      '$LIFE | 900',
    ],
    [
      "import { cleanEnv, str } from 'envalid'; const env = cleanEnv(process.env, { KEY: str({ default: 'x' }) }); const it = env.KEY",
      '$KEY | "x"',
    ],
    ...['process.env', '{ ...process.env, URL: process.env.HOST }', '{ KEY: process.env.KEY }'].map(
      (runtime) =>
        [
          `import { createEnv } from '@t3-oss/env-core'; const env = createEnv({ server: { KEY: z.string().default('x') }, runtimeEnv: ${runtime} }); const it = env.KEY`,
          '$KEY | "x"',
        ] as const,
    ),
    [
      "import { cleanEnv, str } from 'envalid'; const env = cleanEnv(process.env, { KEY: str() }); const it = env.KEY",
      '$KEY',
    ],
    [
      "import Joi from 'joi'; const { value } = Joi.object({ KEY: Joi.string().default('x') }).validate(process.env); const it = value.KEY",
      '$KEY | "x"',
    ],
    [
      "const schema = { properties: { JWT_LIFE: { type: 'string', default: '2d' } } }; const it = process.env.JWT_LIFE",
      '$JWT_LIFE | "2d"',
    ],
  ])

  python('of Python', [
    ['import os\nit = os.environ["KEY"]', '$KEY'],
    ['import os\nit = os.environ.get("KEY")', '$KEY'],
    ['import os\nit = os.environ.get("KEY", "x")', '$KEY | "x"'],
    ['import os\nit = os.getenv("KEY", "x")', '$KEY | "x"'],
    ['import os\nit = os.getenv("KEY", default="x")', '$KEY | "x"'],
    ['import os\nit = os.getenv("KEY") or "x"', '$KEY | "x"'],
    ['import os\nit = int(os.getenv("LIFE", "900"))', '$LIFE | 900'],
    ['from os import getenv\nit = getenv("KEY", "x")', '$KEY | "x"'],
    ['from os import environ\nit = environ["KEY"]', '$KEY'],
    ['from os import environ as e\nit = e.get("KEY", "x")', '$KEY | "x"'],
    ['import os\nit = os.environ.setdefault("KEY", "x")', '$KEY | "x"'],
    ['from decouple import config\nit = config("KEY", default="x")', '$KEY | "x"'],
    ['from starlette.config import Config\nconfig = Config(".env")\nit = config("KEY", default="x")', '$KEY | "x"'],
  ])

  python("classes of settings: each field is the environment's, or what it says", [
    ['class S(BaseSettings):\n  KEY: str\nit = S().KEY', '$KEY'],
    ['class S(BaseSettings):\n  KEY: str = "x"\nit = S().KEY', '$KEY | "x"'],
    ['class S(BaseSettings):\n  life: int = 60 * 24 * 8\nit = S().life', '$life | 11520'],
    ['from pydantic import Field\nclass S(BaseSettings):\n  key: str = Field(default="x")\nit = S().key', '$key | "x"'],
    ['from pydantic import Field\nclass S(BaseSettings):\n  key: str = Field("x")\nit = S().key', '$key | "x"'],
    ['from pydantic import Field\nclass S(BaseSettings):\n  key: str = Field(...)\nit = S().key', '$key'],
    [
      'from pydantic import Field\nclass S(BaseSettings):\n  key: str = Field(default="x", env="KEY")\nit = S().key',
      '$key | $KEY | "x"',
    ],
    ['class Base(BaseSettings):\n  KEY: str = "x"\nclass S(Base):\n  other: str\nit = S().KEY', '$KEY | "x"'],
    ['class S(BaseSettings):\n  key: str = secrets.token_urlsafe(32)\nit = S().key', '$key'],
    [
      'class S(BaseSettings):\n  a: str = "x"\n  @property\n  def it(self):\n    return self.a\nit = S().it',
      '$a | "x"',
    ],
    ['class S:\n  KEY = "x"\nit = S.KEY', '"x"'],
    ['class S:\n  key = "x"\n  def get(self):\n    return self.key\nit = S().get()', '"x"'],
    ['class S:\n  def __init__(self):\n    self.key = "x"\nit = S().key', '"x"'],
    ['class S(BaseSettings):\n  KEY: str = "x"\n@lru_cache\ndef get():\n  return S()\nit = get().KEY', '$KEY | "x"'],
    [
      'from pydantic import SecretStr\nclass S(BaseSettings):\n  key: SecretStr = SecretStr("x")\nit = S().key.get_secret_value()',
      '$key | "x"',
    ],
  ])
})

describe('spans and moments', () => {
  typescript('in TypeScript', [
    ['const it = 60 * 24 * 8', '11520'],
    ["const it = '2d'", '"2d"'],
    ["import ms from 'ms'; const it = ms('2d')", '172800000'],
    ["import ms from 'ms'; const it = ms(life)", '?'],
    ['const it = Date.now()', 'now+0s as ms'],
    ['const it = Date.now() + 15 * 60 * 1000', 'now+900s as ms'],
    ['const it = Math.floor(Date.now() / 1000) + 60 * 15', 'now+900s as s'],
    ['const it = Math.floor((Date.now() + 900000) / 1000)', 'now+900s as s'],
    ['const it = new Date(Date.now() + 900000)', 'now+900s as object'],
    ['const it = new Date().getTime() + 900000', 'now+900s as ms'],
    ['const it = +new Date() + 900000', 'now+900s as ms'],
    ["const it = new Date('2030-01-01')", '?'],
    ['const it = new Date(); it.setDate(it.getDate() + 60)', 'now+5184000s as object'],
    ['const it = new Date(); it.setMinutes(it.getMinutes() + 15)', 'now+900s as object'],
    ['const it = new Date(Date.now() + 900000); it.toString(); it.hasOwnProperty(1)', 'now+900s as object'],
    [
      'const f = () => { const d = new Date(); d.setTime(d.getTime() + 900000); return d }; const it = f()',
      'now+900s as object',
    ],
    ["import dayjs from 'dayjs'; const it = dayjs().add(15, 'minutes').unix()", 'now+900s as s'],
    ["import moment from 'moment'; const it = moment().add(2, 'M').valueOf()", 'now+5184000s as ms'],
    ["import moment from 'moment'; const it = moment().add({ hours: 1, minutes: 30 }).unix()", 'now+5400s as s'],
    ["import moment from 'moment'; const it = moment().subtract(1, 'h')", 'now+-3600s as object'],
    [
      "import { addMinutes, getUnixTime } from 'date-fns'; const it = getUnixTime(addMinutes(new Date(), 15))",
      'now+900s as s',
    ],
    ["import { add } from 'date-fns'; const it = add(new Date(), { days: 1 })", 'now+86400s as object'],
    ["import { DateTime } from 'luxon'; const it = DateTime.now().plus({ minutes: 15 }).toSeconds()", 'now+900s as s'],
  ])

  python('in Python', [
    ['from datetime import timedelta\nit = timedelta(minutes=15)', '900s'],
    ['import datetime\nit = datetime.timedelta(days=1, hours=2)', '93600s'],
    ['from datetime import timedelta\nit = timedelta(1)', '86400s'],
    ['from datetime import timedelta\nit = timedelta(minutes=15).total_seconds()', '900'],
    ['from datetime import timedelta\nit = timedelta(minutes=15) * 2', '1800s'],
    ['from datetime import timedelta\nit = timedelta(hours=1) + timedelta(minutes=1)', '3660s'],
    ['from datetime import datetime, timedelta\nit = datetime.utcnow() + timedelta(minutes=15)', 'now+900s as object'],
    [
      'from datetime import datetime, timedelta, timezone\nit = datetime.now(timezone.utc) + timedelta(days=8)',
      'now+691200s as object',
    ],
    [
      'from datetime import datetime, timedelta\nit = (datetime.utcnow() + timedelta(minutes=15)).timestamp()',
      'now+900s as s',
    ],
    ['from datetime import datetime, timedelta\nit = timedelta(minutes=15) + datetime.utcnow()', 'now+900s as object'],
    ['import time\nit = int(time.time()) + 900', 'now+900s as s'],
    [
      'from datetime import timedelta\nimport os\nit = timedelta(minutes=int(os.getenv("LIFE", 15)))',
      '900s | ?timedelta.minutes.LIFE',
    ],
    ['from datetime import timedelta\nimport os\nit = timedelta(days=1, minutes=int(os.getenv("LIFE", 15)))', '87300s'],
    [
      'from datetime import timedelta\nimport os\nit = timedelta(minutes=int(os.environ["LIFE"]))',
      '?timedelta.minutes.LIFE',
    ],
    [
      'from datetime import timedelta\nclass S(BaseSettings):\n  LIFE: int = 60 * 24 * 8\nit = timedelta(minutes=S().LIFE)',
      '691200s | ?timedelta.minutes.LIFE',
    ],
    ['from datetime import datetime, timedelta\nd = None\nit = d + datetime.utcnow()', '?nothing'],
  ])
})

describe('calls of the project', () => {
  typescript('give back what they were called with', [
    ['const f = (a, b = 2) => b; const it = f(1)', '2'],
    ['const f = (a, b = 2) => b; const it = f(1, 3)', '3'],
    ['const f = ({ life }) => life; const it = f({ life: 5 })', '5'],
    ['const f = ({ life = 7 }) => life; const it = f({})', '7'],
    ['const f = ({ a: { b } }) => b; const it = f({ a: { b: 5 } })', '5'],
    ['const f = ({ a: [, b = 7] }) => b; const it = f({ a: [1] })', '7'],
    ['const f = ([a, b]) => b; const it = f([1, 2])', '2'],
    ["const f = ({ password, ...rest }) => rest; const it = f({ id: 1, password: 'x' })", '{id: 1}'],
    ['const f = (...all) => all; const it = f(1)', '?all'],
    ['const f = (a) => g(a); const g = (b) => b; const it = f(4)', '4'],
    ['class A { life = 5; get() { return this.life } } const it = new A().get()', '5'],
    ['class A { static life = 5 } const it = A.life', '5'],
    [
      'class A { constructor(private readonly b: B) {} get() { return this.b.life } } class B { life = 5 } const it = new A(x).get()',
      '5',
    ],
    ['class A extends B {} class B { life = 5 } const it = new A().life', '5'],
    ['class A { get life() { return 5 } } const it = new A().life', '5'],
    ['const f = async () => 5; const it = await f()', '5'],
  ])

  typescript('that cannot be followed are unknown, and never guessed', [
    ['const f = (a) => (b) => [a, b]; const it = f(1)(2)', '[?a, 2]'],
    ['const f = (a) => a; const it = f(...all)', '?a'],
    ['const it = f(1)', 'global:f.()'],
    ['const it = x.y.z', 'global:x.y.z'],
    ['const it = [1, 2][n]', '?'],
    ['const it = typeof 5', '?'],
  ])

  python('of Python, by position and by name', [
    ['def f(a, b=2):\n  return b\nit = f(1)', '2'],
    ['def f(a, b=2):\n  return b\nit = f(1, b=3)', '3'],
    ['def f(a, *, b):\n  return b\nit = f(1, b=3)', '3'],
    ['class A:\n  def f(self, a):\n    return a\nit = A().f(5)', '5'],
    ['class A:\n  @classmethod\n  def f(cls, a):\n    return a\nit = A.f(5)', '5'],
    ['class A:\n  @staticmethod\n  def f(a):\n    return a\nit = A.f(5)', '5'],
  ])
})

describe('imports', () => {
  programs('of TypeScript', [
    [{ 'src/a.ts': "import { life as it } from './b'", 'src/b.ts': 'export const life = 5' }, '5'],
    [{ 'src/a.ts': "import { life as it } from './b.js'", 'src/b.ts': 'export const life = 5' }, '5'],
    [{ 'src/a.ts': "import it from './b'", 'src/b.ts': 'export default 5' }, '5'],
    [{ 'src/a.ts': "import * as b from './b'; const it = b.life", 'src/b.ts': 'export const life = 5' }, '5'],
    [
      {
        'src/a.ts': "import { it } from './b'",
        'src/b/index.ts': "export * from './c'",
        'src/b/c.ts': 'export const it = 5',
      },
      '5',
    ],
    [
      {
        'src/a.ts': "import { it } from './b'",
        'src/b.ts': "export { life as it } from './c'",
        'src/c.ts': 'export const life = 5',
      },
      '5',
    ],
    [
      {
        'src/a.ts': "import { it } from './b'",
        'src/b.ts': "import { life } from './c'; export { life as it }",
        'src/c.ts': 'export const life = 5',
      },
      '5',
    ],
    [
      {
        'src/a.ts': "import { c } from './b'; const it = c.life",
        'src/b.ts': "export * as c from './c'",
        'src/c.ts': 'export const life = 5',
      },
      '5',
    ],
    // What is only handed on is of the package that it is from.
    [
      { 'src/a.ts': "import { z } from './b'; const it = z.string", 'src/b.ts': "export { z } from 'zod'" },
      'zod:z.string',
    ],
    [
      {
        'src/a.ts': "import { sign as it } from './b'",
        'src/b.ts': "export { sign } from './c'; export * from 'jose'",
        'src/c.ts': "export { sign } from 'jsonwebtoken'",
      },
      'jsonwebtoken:sign',
    ],
    [
      {
        'src/a.ts': "import { jwt } from './b'; const it = jwt.sign",
        'src/b.ts': "export { default as jwt } from 'jsonwebtoken'",
      },
      'jsonwebtoken:default.sign',
    ],
    [
      { 'src/a.ts': "import { jose } from './b'; const it = jose.sign", 'src/b.ts': "export * as jose from 'jose'" },
      'jose:*.sign',
    ],
    [
      {
        'src/a.ts': "import { sign as it } from './b'",
        'src/b.ts': "export * from 'jose'; export * from './c'",
        'src/c.ts': 'export const sign = 5',
      },
      '5',
    ],
    [
      {
        'src/a.ts': "import { sign as it } from './b'",
        'src/b.ts': "export * from './generated'; export * from 'jose'",
      },
      'jose:*.sign',
    ],
    [{ 'src/a.ts': "import { it } from './b'", 'src/b.ts': "export { it } from './generated'" }, '?it'],
    [
      {
        'src/a.ts': "import { config } from './b'; const it = config.jwt.life",
        'src/b.ts': "export const config = { jwt: { life: process.env.LIFE || '2d' } }",
      },
      '$LIFE | "2d"',
    ],
    [
      {
        'src/a.ts': "import config from './b'; const it = config.jwt.life",
        'src/b.ts': "export default { jwt: { life: '2d' } }",
      },
      '"2d"',
    ],
    [{ 'src/a.js': "const { life: it } = require('./b')", 'src/b.js': 'module.exports = { life: 5 }' }, '5'],
    [{ 'src/a.js': "const b = require('./b'); const it = b.life", 'src/b.js': 'module.exports = { life: 5 }' }, '5'],
    [{ 'src/a.js': "const b = require('./b'); const it = b.life", 'src/b.js': 'exports.life = 5' }, '5'],
    [{ 'src/a.js': "const it = require('./b').life", 'src/b.js': 'module.exports.life = 5' }, '5'],
    [{ 'src/a.js': "const it = require('./b')", 'src/b.js': 'module.exports = 5' }, '5'],
    [{ 'src/a.ts': "import { sign as it } from 'jsonwebtoken'" }, 'jsonwebtoken:sign'],
    [{ 'src/a.ts': "import jwt from 'jsonwebtoken'; const it = jwt.sign" }, 'jsonwebtoken:default.sign'],
    [{ 'src/a.ts': "import { missing as it } from './b'", 'src/b.ts': 'export const life = 5' }, '?missing'],
    [
      {
        'src/a.ts': "import { it } from './b'",
        'src/b.ts': "import { other } from './c'; export const it = other + 1",
        'src/c.ts': 'export const other = 4',
      },
      '5',
    ],
  ])

  programs('of Python', [
    [{ 'a.py': 'from b import life as it', 'b.py': 'life = 5' }, '5'],
    [{ 'a.py': 'import b\nit = b.life', 'b.py': 'life = 5' }, '5'],
    [{ 'app/a.py': 'from .b import life as it', 'app/b.py': 'life = 5' }, '5'],
    [
      {
        'app/core/a.py': 'from ..b import life as it',
        'app/b.py': 'life = 5',
        'app/__init__.py': '',
        'app/core/__init__.py': '',
      },
      '5',
    ],
    [{ 'app/a.py': 'from app.core import b\nit = b.life', 'app/core/b.py': 'life = 5' }, '5'],
    [{ 'app/a.py': 'from app.core.b import *\nit = life', 'app/core/b.py': 'life = 5' }, '5'],
    [
      {
        'app/a.py': 'import app.core.b\nit = app.core.b.life',
        'app/core/b.py': 'life = 5',
        'app/__init__.py': '',
        'app/core/__init__.py': '',
      },
      '5',
    ],
    [
      {
        'app/a.py': 'from app.core import settings\nit = settings.LIFE',
        'app/core/__init__.py': 'from .config import settings',
        'app/core/config.py': 'class S(BaseSettings):\n  LIFE: int = 60 * 24 * 8\nsettings = S()',
      },
      '$LIFE | 11520',
    ],
    [{ 'a.py': 'from jose import jwt\nit = jwt.encode' }, 'jose:jwt.encode'],
  ])
})

describe('containers of dependencies', () => {
  const made = (lines: string) => `class Guard { life = 5 }\n${lines}\nconst it = found.life`
  typescript('hand out what they are asked for by its class', [
    [made("import { Container } from 'inversify'\nconst found = new Container().get(Guard)"), '5'],
    [
      made(
        "import { Container } from 'inversify'\nconst box = new Container()\nconst found = box.resolve<Guard>(Guard)",
      ),
      '5',
    ],
    [made("import { container } from 'tsyringe'\nconst found = container.resolve(Guard)"), '5'],
    [made("import { Container } from 'typedi'\nconst found = Container.get(Guard)"), '5'],
    [made("import { Cache } from 'somewhere'\nconst found = new Cache().get(Guard)"), 'somewhere:Cache.().get.().life'],
  ])
})

describe('configuration services', () => {
  const CONVICT = `import convict from 'convict'
    const config = convict({
      env: { format: ['production', 'development'], default: 'production', env: 'NODE_ENV' },
      jwt: { secret: { format: String, default: null, env: 'SECRET' }, minutes: { format: 'nat', default: 15, env: 'MINUTES' }, alg: { default: 'HS256' } },
    })
    config.validate({ allowed: 'strict' });`
  programs('convict', [
    [{ 'a.ts': `${CONVICT} const it = config.get('jwt.secret')` }, '$SECRET'],
    [{ 'a.ts': `${CONVICT} const it = config.get('jwt.minutes')` }, '$MINUTES | 15'],
    [{ 'a.ts': `${CONVICT} const it = config.get('jwt').alg` }, '"HS256"'],
    [{ 'a.ts': `${CONVICT} const { jwt } = config.getProperties(); const it = jwt.minutes` }, '$MINUTES | 15'],
    [{ 'a.ts': `${CONVICT} const it = config.get('nothing')` }, '?nothing'],
    [
      {
        'a.js': "const config = require('./config'); const it = config.get('life')",
        'config.js':
          "const convict = require('convict'); const config = convict({ life: { default: '2d', env: 'LIFE' } }).loadFile('x.json').validate(); module.exports = config",
      },
      '$LIFE | "2d"',
    ],
  ])
  programs("Nest's", [
    [
      {
        'a.ts':
          "import { ConfigService } from '@nestjs/config'; class A { constructor(private c: ConfigService) {} get() { return this.c.get('KEY') } } const it = new A(x).get()",
      },
      '$KEY',
    ],
    [
      {
        'a.ts':
          "import { ConfigService } from '@nestjs/config'; class A { constructor(private c: ConfigService) {} get() { return this.c.get('KEY', 'x') } } const it = new A(x).get()",
      },
      '$KEY | "x"',
    ],
    [
      {
        'a.ts':
          "import { ConfigService } from '@nestjs/config'; class A { constructor(private c: ConfigService) {} get() { return this.c.get('auth.life') } } const it = new A(x).get()",
        'b.ts':
          "import { registerAs } from '@nestjs/config'; export default registerAs('auth', () => ({ life: process.env.LIFE ?? '2d' }))",
      },
      '$LIFE | "2d"',
    ],
    [
      {
        'a.ts':
          "import { ConfigService } from '@nestjs/config'; class A { constructor(private c: ConfigService) {} get() { return this.c.get('jwt.life') } } const it = new A(x).get()",
        'b.ts':
          "import { ConfigModule } from '@nestjs/config'; const load = () => ({ jwt: { life: '2d' } }); ConfigModule.forRoot({ load: [load] })",
      },
      '"2d"',
    ],
    [
      {
        'a.ts':
          "import { ConfigService } from '@nestjs/config'; class A { constructor(private c: ConfigService) {} get() { return this.c.get('JWT_LIFE') } } const it = new A(x).get()",
        'b.ts': "import Joi from 'joi'; export const schema = Joi.object({ JWT_LIFE: Joi.string().default('2d') })",
      },
      '$JWT_LIFE | "2d"',
    ],
  ])
})

/** The values of the first argument of every call of `use`, one for each way to reach it. */
const used = (sources: Sources): readonly string[] => {
  const program = programOf(sources)
  const evaluator = new Evaluator(program)
  return program
    .callsNamed('use')
    .flatMap(({ node, scope }) =>
      evaluator.callGraph
        .frames(scope)
        .map((frame) => (node.args[0] ? shownValue(evaluator.value(node.args[0], scope, frame)) : '')),
    )
}

describe('frames', () => {
  const table: readonly (readonly [title: string, sources: Sources, expected: readonly string[]])[] = [
    ['none around', { 'a.ts': 'use(5)' }, ['5']],
    ['one for each call', { 'a.ts': 'const f = (a) => { use(a) }; f(1); f(2)' }, ['1', '2']],
    [
      'of another file',
      { 'a.ts': "import { f } from './b'; f('2d')", 'b.ts': 'export const f = (a) => { use(a) }' },
      ['"2d"'],
    ],
    [
      'through another name',
      { 'a.ts': "import { f as g } from './b'; g('2d')", 'b.ts': 'export const f = (a) => { use(a) }' },
      ['"2d"'],
    ],
    [
      'through a default export',
      { 'a.ts': "import g from './b'; g('2d')", 'b.ts': 'export default (a) => { use(a) }' },
      ['"2d"'],
    ],
    ['two calls deep', { 'a.ts': 'const f = (a) => { use(a) }; const g = (b) => f(b); g(1); g(2)' }, ['1', '2']],
    [
      'a callback sees the parameters around it',
      { 'a.ts': 'const f = (a) => new Promise((done) => { use(a) }); f(1)' },
      ['1'],
    ],
    ['a parameter that nobody calls with', { 'a.ts': 'const f = (a) => { use(a) }' }, ['?a']],
    ['a default that a call leaves alone', { 'a.ts': 'const f = (a = 7) => { use(a) }; f()' }, ['7']],
    ['a default that nobody calls', { 'a.ts': 'const f = (a = 7) => { use(a) }' }, ['7 | ?a']],
    ['each of a list', { 'a.ts': '[1, 2].forEach((one) => use(one))' }, ['1', '2']],
    ['taken apart from a list', { 'a.ts': "[{ p: '/a' }, { p: '/b' }].forEach(({ p }) => use(p))" }, ['"/a"', '"/b"']],
    [
      'a method by its name alone',
      {
        'a.ts': 'class Tokens { makeAccess(a) { use(a) } }',
        'b.ts': 'export const h = (req) => req.tokens.makeAccess(5)',
      },
      ['5'],
    ],
    [
      'of exports, called as a member',
      { 'a.js': "const b = require('./b'); b.f('2d')", 'b.js': 'exports.f = (a) => { use(a) }' },
      ['"2d"'],
    ],
    ['a function that calls itself', { 'a.ts': 'const f = (a) => { use(a); f(a) }; f(1)' }, ['1']],
    ['of Python', { 'a.py': 'def f(a, life=None):\n  use(life)\nf(1, life=5)\nf(2)' }, ['5', 'null']],
  ]
  for (const [title, sources, expected] of table)
    test(title, () => {
      assert.deepEqual(used(sources), expected)
    })
})

describe('callers', () => {
  const callersOf = (sources: Sources, name: string): readonly string[] => {
    const program = programOf(sources)
    const evaluator = new Evaluator(program)
    const [first] = program.modules.values()
    assert.ok(first)
    const [binding] = lookup(program.scopes(first).top, name)
    const value =
      binding?.kind === 'value' ? binding.assign.value : binding?.kind === 'function' ? binding.node : undefined
    return evaluator.callGraph.callers(value as FunctionNode, name).map(({ node }) => `${node.at.file}:${node.at.line}`)
  }

  test('are told apart from calls of another function of that name', () => {
    assert.deepEqual(
      callersOf(
        {
          'a.ts': 'export const makeToken = (a) => a\nmakeToken(1)',
          'b.ts': "import { makeToken } from './a'\nmakeToken(1)",
          'c.ts': 'const makeToken = (a) => 2\nmakeToken(1)',
        },
        'makeToken',
      ),
      ['a.ts:2', 'b.ts:2'],
    )
  })

  test('of a short name are not guessed', () => {
    assert.deepEqual(callersOf({ 'a.ts': 'export const make = (a) => a', 'b.ts': 'f((x) => x.make(1))' }, 'make'), [])
    const register = 'export const register = (request, reply) => reply'
    const plugin = 'export default async (app, options) => app.register(routes)'
    assert.deepEqual(callersOf({ 'a.ts': register, 'b.ts': plugin }, 'register'), [])
    assert.deepEqual(callersOf({ 'a.ts': register, 'b.ts': 'f((users) => users.register(1, 2))' }, 'register'), [
      'b.ts:1',
    ])
    assert.deepEqual(
      callersOf({ 'a.ts': 'export const makeToken = (a) => a', 'b.ts': 'f((x) => x.makeToken(1))' }, 'makeToken'),
      ['b.ts:1'],
    )
  })

  test('may be those of a record that another package found', () => {
    const calls = (text: string) =>
      callersOf({ 'a.ts': 'export const makeToken = (a) => a', 'b.ts': text }, 'makeToken')
    const records = "import { records } from 'orm'\n"
    assert.deepEqual(calls(`${records}const user = await records.where({ id }).findOne()\nuser.makeToken(1)`), [
      'b.ts:3',
    ])
    assert.deepEqual(calls(`${records}records.create().makeToken(1)`), [], "another package's own")
  })
})

const lines = (count: number, line: (n: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index + 1)).join('\n')

/** What two thousand lines cost that are easy to follow, in milliseconds: the least of three. */
const plain = (): number => {
  const text = `${lines(2_000, (n) => `const a${n} = f(${n}, 'b')`)}\nconst it = a1`
  return Math.min(...[1, 2, 3].map(() => elapsedMs(() => worth({ 'a.ts': text }))))
}

/** A program that is hard to follow is given up on, in the time of a breath. */
const ends = (title: string, sources: Sources, expected?: RegExp): void => {
  test(title, () => {
    let seen = ''
    const took = elapsedMs(() => {
      seen = worth(sources)
    })
    const usual = plain()
    assert.ok(took < 200 * usual, `it took ${took} ms, two thousand plain lines ${usual}`)
    if (expected !== undefined) assert.match(seen.slice(0, 2000), expected)
  })
}

describe('circles', () => {
  ends('a name that is itself', { 'a.ts': 'let it = it' }, /^\?it$/)
  ends('two names', { 'a.ts': 'let it = b; let b = it' }, /^\?/)
  ends('a function that calls itself', { 'a.ts': 'const f = (n) => f(n - 1); const it = f(3)' }, /^\?/)
  ends('a function that ends', { 'a.ts': 'const f = (n) => (n ? f(n - 1) : 5); const it = f(3)' })
  ends(
    'modules that export each other',
    {
      'a.ts': "import { it } from './b'",
      'b.ts': "export * from './a'; export * from './c'",
      'c.ts': "export * from './b'; export const it = 5",
    },
    /^5$/,
  )
  ends(
    'modules that export each other and nothing else',
    { 'a.ts': "import { it } from './b'", 'b.ts': "export * from './c'", 'c.ts': "export * from './b'" },
    /^\?/,
  )
  ends(
    'classes that extend each other',
    { 'a.ts': 'class A extends B {} class B extends A {} const it = new A().life' },
    /^\?/,
  )
  ends(
    'classes of settings that extend each other',
    { 'a.py': 'class A(B):\n  x: int = 1\nclass B(A):\n  y: int = 2\nit = A().y' },
    /^2$/,
  )
  ends('a class that is its own', { 'a.py': 'class A(A):\n  x = 1\nit = A().missing' }, /^\?/)
  ends('Python packages that import each other', {
    'a.py': 'from b import *\nit = life',
    'b.py': 'from a import *\nfrom c import *',
    'c.py': 'from b import *\nlife = 5',
  })
  ends('a date that is moved by itself', { 'a.ts': 'const it = new Date(); it.setDate(it.getDate() + it.getDate())' })

  test('what a circle cut short is not remembered for other questions', () => {
    const program = programOf({
      'a.ts': 'const f = () => g(); const g = () => (x ? f() : 5); const one = f(); const it = g()',
    })
    const evaluator = new Evaluator(program)
    const [module] = program.modules.values()
    assert.ok(module)
    const scope = program.scopes(module).top
    const of = (name: string) =>
      shownValue(evaluator.value({ kind: 'name', name, at: { file: 'a.ts', line: 1, start: 0, end: 0 } }, scope))
    assert.match(of('one'), /5/)
    assert.match(of('it'), /5/)
  })
})

describe('budgets', () => {
  ends('a text that doubles', {
    'a.ts': `const a0 = 'xxxxxxxxxxxxxxxx'\n${lines(60, (n) => `const a${n} = a${n - 1} + a${n - 1}`)}\nconst it = a60`,
  })
  ends('a template that doubles', {
    'a.ts': `const a0 = process.env.X\n${lines(60, (n) => `const a${n} = \`\${a${n - 1}}\${a${n - 1}}\``)}\nconst it = a60`,
  })
  ends('a list that doubles', {
    'a.ts': `const a0 = [1]\n${lines(60, (n) => `const a${n} = [...a${n - 1}, ...a${n - 1}]`)}\nconst it = a60`,
  })
  ends('an object that doubles', {
    'a.ts': `const a0 = { x: 1 }\n${lines(50, (n) => `const a${n} = { l: a${n - 1}, r: a${n - 1} }`)}\nconst it = a50`,
  })
  ends('ways that double', {
    'a.ts': `const a0 = x ? 1 : 2\n${lines(50, (n) => `const a${n} = y ? a${n - 1} + 1 : a${n - 1} * 2`)}\nconst it = a50`,
  })
  ends('calls that double', {
    'a.ts': `const f0 = (a) => a\n${lines(40, (n) => `const f${n} = (a) => [f${n - 1}(a), f${n - 1}(a)]`)}\nconst it = f40(1)`,
  })
  ends('functions that all call each other', {
    'a.ts': `${lines(40, (n) => `const f${n} = (a) => { ${Array.from({ length: 40 }, (_, m) => `f${m + 1}(a)`).join('; ')}; return a }`)}\nconst it = f1(1)`,
  })
  ends('a name of a thousand assignments', { 'a.ts': `let it\n${lines(1000, (n) => `it = ${n}`)}` }, /^\?it$/)
  ends(
    'an object of a thousand changes',
    { 'a.ts': `const it = {}\n${lines(1000, (n) => `it.k${n} = ${n}`)}` },
    /^\?it$/,
  )
  ends('an expression of ten thousand terms', {
    'a.ts': `const it = ${Array.from({ length: 900 }, () => '1').join(' + ')}`,
  })

  test('what is small stays known beside what is given up on', () => {
    const text = `const a0 = 'xxxxxxxxxxxxxxxx'\n${lines(24, (n) => `const a${n} = a${n - 1} + a${n - 1}`)}\nconst it = { a: a24, life: '2d' }`
    assert.match(worth({ 'a.ts': `${text}.life` }), /^"2d"$/)
  })

  test('ways to reach a place are counted too', () => {
    const functions = lines(
      30,
      (n) => `const f${n} = (a) => { use(a); ${Array.from({ length: 30 }, (_, m) => `f${m + 1}(a)`).join('; ')} }`,
    )
    const took = elapsedMs(() => assert.ok(used({ 'a.ts': functions }).length > 0))
    const usual = plain()
    assert.ok(took < 500 * usual, `it took ${took} ms, two thousand plain lines ${usual}`)
  })
})
