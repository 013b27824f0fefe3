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

describe('spans and seconds that other modules make', () => {
  python('of Python', [
    ['from datetime import timedelta\nit = timedelta(**{"minutes": 15, "hours": 1})', '4500s'],
    ['from datetime import timedelta\nLIFE = {"days": 2}\nit = timedelta(**LIFE)', '172800s'],
    ['from datetime import timedelta\nit = timedelta(**settings.LIFE)', '?timedelta.'],
    ['from dateutil.relativedelta import relativedelta\nit = relativedelta(months=1, minutes=5)', '2592300s'],
    ['from dateutil import relativedelta\nit = relativedelta.relativedelta(**{"hours": 1})', '3600s'],
    [
      'from dateutil.relativedelta import relativedelta\nit = relativedelta(day=1)',
      'dateutil.relativedelta:relativedelta.()',
    ],
    [
      'from dateutil.relativedelta import relativedelta\nit = relativedelta(end, start)',
      'dateutil.relativedelta:relativedelta.()',
    ],
    [
      'from calendar import timegm\nfrom datetime import datetime, timedelta\nit = timegm((datetime.utcnow() + timedelta(hours=2)).utctimetuple())',
      'now+7200s as s',
    ],
    ['import time\nfrom datetime import datetime\nit = time.mktime(datetime.now().timetuple())', 'now+0s as s'],
    [
      'import calendar, os\nfrom datetime import datetime, timedelta\nit = calendar.timegm((datetime.utcnow() + timedelta(minutes=int(os.environ["LIFE"]))).utctimetuple())',
      '?timedelta.minutes.LIFE',
    ],
  ])
})

describe('what a text of JSON holds', () => {
  python('of Python', [
    ['import json, os\nit = json.loads(os.environ["ORIGINS"])', '$ORIGINS'],
    [
      'import json, os\nit = json.loads(os.getenv("ORIGINS", \'["https://a.example"]\'))',
      '$ORIGINS | ["https://a.example"]',
    ],
    ['import json\nit = json.loads(text)', 'json:loads.()'],
    ['import json\nit = json.loads("{")', '?'],
  ])
  typescript('of TypeScript', [
    [
      'const it = JSON.parse(process.env.ORIGINS ?? \'["https://a.example", 1]\')',
      '$ORIGINS | ["https://a.example", 1]',
    ],
  ])
})
