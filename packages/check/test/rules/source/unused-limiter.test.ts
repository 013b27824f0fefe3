import { express, table } from './judged.ts'

const LIMIT = "import rateLimit from 'express-rate-limit'"

table('unused-limiter', [
  [
    'passes: it is put on the application',
    express(LIMIT, 'app.use(rateLimit({ limit: 10 }))', "app.get('/x', x)"),
    ['pass src/app.ts:4: 1 limiter in use.'],
  ],
  [
    'passes: it is put on one route',
    express(LIMIT, 'const slow = rateLimit({ limit: 10 })', "app.get('/x', slow, x)"),
    ['pass src/app.ts:4: 1 limiter in use.'],
  ],
  [
    'passes: it is made in another file',
    {
      ...express("import { slow } from './limits'", "app.get('/x', slow, x)"),
      'src/limits.ts': "import rateLimit from 'express-rate-limit'\nexport const slow = rateLimit({ limit: 10 })",
    },
    ['pass src/limits.ts:2: 1 limiter in use.'],
  ],
  [
    'fails: it is made and forgotten',
    express(LIMIT, 'const slow = rateLimit({ limit: 10 })', "app.get('/x', x)"),
    ['fail src/app.ts:4: A limiter is created and used nowhere.'],
  ],
  [
    'fails: it is imported and forgotten',
    {
      ...express("import { slow } from './limits'", "app.get('/x', x)"),
      'src/limits.ts': "import rateLimit from 'express-rate-limit'\nexport const slow = rateLimit({ limit: 10 })",
    },
    ['fail src/limits.ts:2: A limiter is created and used nowhere.'],
  ],
  [
    'fails: one of two',
    express(
      LIMIT,
      'const slow = rateLimit({ limit: 10 })',
      'const slower = rateLimit({ limit: 1 })',
      "app.get('/x', slow, x)",
    ),
    ['fail src/app.ts:5: A limiter is created and used nowhere.'],
  ],
  [
    'not proven: a list takes it, and what is done with the list is not followed',
    express(LIMIT, 'limits.push({ path: /x/, handler: rateLimit({ limit: 10 }) })', "app.get('/x', x)"),
    ['not-proven src/app.ts:4: What this limiter is put on could not be followed.'],
  ],
  [
    'not proven: its name stands elsewhere',
    express(LIMIT, 'const slow = rateLimit({ limit: 10 })', 'plugins.install({ before: [slow] })', "app.get('/x', x)"),
    ['not-proven src/app.ts:4: What this limiter is put on could not be followed.'],
  ],
  [
    'fails: what makes it is called by nobody',
    express(LIMIT, 'const slow = (max) => rateLimit({ max })', "app.get('/x', x)"),
    ['fail src/app.ts:4: A limiter is created and used nowhere.'],
  ],
  [
    'not proven: a package that limits is imported, and nothing is seen of what it limits',
    express("import { RateLimiterRedis } from 'rate-limiter-flexible'", "app.get('/x', x)"),
    ['not-proven src/app.ts:3: What this limiter is put on could not be followed.'],
  ],
  [
    'a function of that name, of somebody else',
    express("import { rateLimit } from './prices'", 'const r = rateLimit({ limit: 10 })', "app.get('/x', x)"),
    ['not-applicable (none in 1 file): No limiter is created.'],
  ],
])
