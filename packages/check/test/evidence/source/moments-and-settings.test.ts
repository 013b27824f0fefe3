import { describe } from 'node:test'
import { python, typescript } from './worth.ts'

describe('settings that their reader takes from the environment by itself', () => {
  typescript('of TypeScript', [
    [
      "import { envSchema } from 'env-schema'; const env = envSchema({ schema: Type.Object({ LIFE: Type.String({ default: '15m' }) }) }); const it = env.LIFE",
      '$LIFE | "15m"',
    ],
    ["import envSchema from 'env-schema'; const it = envSchema({ dotenv: true, schema }).LIFE", '$LIFE'],
    [
      "import { envsafe, str } from 'envsafe'; const it = envsafe({ LIFE: str({ default: '1h' }) }).LIFE",
      '$LIFE | "1h"',
    ],
    ["import { other } from 'env-schema'; const it = other({}).LIFE", 'env-schema:other.().LIFE'],
  ])
})

describe('a moment that is made of its seconds', () => {
  python('of Python', [
    [
      'import time\nfrom datetime import datetime\nit = datetime.fromtimestamp(time.time() + 900)',
      'now+900s as object',
    ],
    [
      'import datetime\nit = datetime.datetime.utcfromtimestamp(datetime.datetime.now().timestamp() + 60)',
      'now+60s as object',
    ],
    ['from datetime import datetime\nit = datetime.fromtimestamp(row.created)', '?'],
    [
      'from datetime import datetime, timedelta\nclass Zone:\n  @staticmethod\n  def utc(at):\n    if isinstance(at, datetime):\n      return at.astimezone(zone)\n    return datetime.fromtimestamp(at, tz=zone)\nzones = Zone()\nit = zones.utc(datetime.now() + timedelta(days=1)).timestamp()',
      'now+86400s as s | now+86400s as s',
    ],
  ])
})
