import { describe } from 'node:test'
import { python, typescript } from './worth.ts'

describe('what the standard parts give back', () => {
  typescript('of TypeScript', [
    ["const it = Number('5')", '5'],
    ["const it = parseInt('5', 10)", '5'],
    ["const it = Number.parseInt('5', 10)", '5'],
    ["const it = Number('five')", '?'],
    ["const it = Number('')", '?'],
    ['const it = Math.floor(5)', '5'],
    ["const it = String('a')", '"a"'],
    ["const it = Buffer.from('a', 'utf8')", '"a"'],
    ["const it = new TextEncoder().encode('a')", '"a"'],
    ["import { createSecretKey } from 'node:crypto'; const it = createSecretKey(Buffer.from('a'))", '"a"'],
    ["const it = 'a,b'.split(',')", '["a", "b"]'],
    ["const it = process.env.LIST.split(',')", '$LIST'],
    ["const it = process.env.LIST?.split(',').map((one) => one.trim()) ?? ['x']", '$LIST | ["x"]'],
    ["const it = ['a'].concat('b')", '["a", "b"]'],
    ["const it = ' a '.trim()", '" a "'],
    ['const it = structuredClone({ a: 1 })', '{a: 1}'],
    ['const it = JSON.parse(process.env.LIST)', '$LIST'],
    ["const it = require('jsonwebtoken').sign", 'jsonwebtoken:default.sign'],
    ["import config from 'config'; const it = config.get('JWT_SECRET')", '$JWT_SECRET'],
    ["const it = new Map().get('a')", 'global:Map.().get.()'],
    [
      "import { promisify } from 'node:util'; import jwt from 'jsonwebtoken'; const it = promisify(jwt.sign)",
      'jsonwebtoken:default.sign',
    ],
    ["import jwt from 'jsonwebtoken'; const it = jwt.sign.bind(jwt)", 'jsonwebtoken:default.sign'],
    ['const f = () => 5; const it = f.bind(this)', 'function'],
    ['const it = Math.max(1, 5)', '5'],
    ['const it = Math.min(1, 5)', '1'],
    ['const it = Math.max(1, Number(process.env.MOST || 5))', '$MOST | 5'],
    ['const it = Math.max(1, whatever())', '?'],
    ['const it = Date.now() + Number(process.env.SPAN)', '?timedelta.0.001.SPAN'],
    ['const it = Math.floor((Date.now() + Number(process.env.SPAN)) / 1000)', '?timedelta.0.001.SPAN'],
  ])

  python('of Python', [
    ['it = int("5")', '5'],
    ['it = str("a")', '"a"'],
    ['it = "a".encode("utf-8")', '"a"'],
    ['import os\nit = os.environ["LIST"].split(",")', '$LIST'],
    ['from fastapi import Depends\ndef get():\n  return 5\nit = Depends(get)', '5'],
    ['from typing import cast\nit = cast(int, 5)', '5'],
    ['class M(BaseModel):\n  a: int\nit = M(a=1).model_dump()', '{a: 1}'],
    ['class M(BaseModel):\n  a: int\n  b: str\nm = M(a=1)\nm.b = "x"\nit = m.model_dump()', '{a: 1, b: "x"}'],
    ['class M(BaseModel):\n  a: int\nm = M(a=1)\nm.a = 2\nit = m.model_dump(exclude={"a"})', '{}'],
    ['class M(BaseModel):\n  a: int\nit = M(a=1).dict()', '{a: 1}'],
    ['class M(BaseModel):\n  a: int\n  b: str\nit = M.model_validate(row).model_dump(exclude={"b"})', '{a: ?a}'],
    ['class M(BaseModel):\n  a: int\n  b: str\nit = M.from_orm(row).dict(include={"b"})', '{b: ?b}'],
  ])

  python('what is given the settings to use them reads none', [
    ['import os\nfrom fastapi import FastAPI\nit = FastAPI(**os.environ)', 'fastapi:FastAPI.()'],
  ])

  typescript('a parser reads the environment only where it is given it', [
    ['const it = sign({ secret: process.env.KEY }).value', 'global:sign.().value'],
    ['const env = loadEnv(process.env); const it = env.KEY', '$KEY'],
    ['const env = check({ KEY: process.env.KEY }); const it = env.KEY', '$KEY'],
  ])
})
