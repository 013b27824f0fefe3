import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultsOf, factoriesOf } from '../../../src/evidence/source/configuration.ts'
import { Evaluator } from '../../../src/evidence/source/index.ts'
import { programOf, type Sources, shownValue } from '../sources.ts'

const evaluatorOf = (sources: Sources) => new Evaluator(programOf(sources))

const defaults = (text: string) =>
  Object.fromEntries([...defaultsOf(evaluatorOf({ 'env.ts': text }))].map(([name, one]) => [name, shownValue(one)]))

test('the defaults of every usual way to write a schema of the environment', () => {
  assert.deepEqual(defaults("z.object({ JWT_KEY: z.string().default('x') })"), { JWT_KEY: '"x"' })
  assert.deepEqual(defaults("z.object({ JWT_KEY: z.string().default('x').transform(f) })"), { JWT_KEY: '"x"' })
  assert.deepEqual(defaults("cleanEnv(process.env, { JWT_KEY: str({ default: 'x' }) })"), { JWT_KEY: '"x"' })
  assert.deepEqual(defaults('Joi.object({ JWT_KEY: Joi.string().required() })'), {})
  assert.deepEqual(defaults("const s = { properties: { JWT_KEY: { type: 'string', default: 'x' } } }"), {
    JWT_KEY: '"x"',
  })
  assert.deepEqual(defaults("const DAY = '1d'; z.object({ JWT_LIFE: z.string().default(DAY) })"), { JWT_LIFE: '"1d"' })
})

test('what is no setting has none: lower case, a single word', () => {
  assert.deepEqual(
    defaults(
      "z.object({ name: z.string().default('x'), Name_X: z.string().default('y'), KEY: z.string().default('z') })",
    ),
    {},
  )
})

test('the first of two schemas has the word', () => {
  assert.deepEqual(defaults("z.object({ A_B: z.string().default('1') }); z.object({ A_B: z.string().default('2') })"), {
    A_B: '"1"',
  })
})

test('the factories that a configuration service serves', () => {
  const evaluator = evaluatorOf({
    'a.ts': "registerAs('auth', () => ({ life: '2d' }))",
    'b.ts': "const load = () => ({ jwt: { life: '1h' } }); ConfigModule.forRoot({ load: [load] })",
  })
  const all = factoriesOf(evaluator)
  const served = (first: string) => all.map((one) => one(first)).find((one) => one !== undefined)
  const [auth, jwt] = [served('auth'), served('jwt')]
  assert.equal(auth && shownValue(auth), '{life: "2d"}')
  assert.equal(jwt && shownValue(jwt), '{life: "1h"}')
  assert.equal(served('other'), undefined)
})
