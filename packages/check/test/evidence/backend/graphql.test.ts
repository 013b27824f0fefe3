import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readExpress } from '../../../src/evidence/backend/express/index.ts'
import type { FrameworkFacts } from '../../../src/evidence/backend/facts.ts'
import type { Deployment, EnvSetting } from '../../../src/evidence/backend/reading.ts'
import { Evaluator, Program, parseJavaScript } from '../../../src/evidence/source/index.ts'

interface Around {
  readonly env?: Readonly<Record<string, string>>
  readonly deployment?: Deployment
}

const app = (text: string, { env = {}, deployment }: Around = {}): FrameworkFacts => {
  const source = `
    import express from 'express'
    import { graphqlHTTP } from 'express-graphql'
    import { ApolloServer } from 'apollo-server-express'
    import { ApolloServer as Apollo4 } from '@apollo/server'
    import { expressMiddleware } from '@apollo/server/express4'
    import { createYoga } from 'graphql-yoga'
    import { ApolloServerPluginLandingPageGraphQLPlayground, ApolloServerPluginLandingPageLocalDefault,
      ApolloServerPluginLandingPageProductionDefault } from 'apollo-server-core'
    import jwt from 'jsonwebtoken'
    const auth = (req, res, next) => { if (!jwt.verify(req.headers.authorization, key)) return res.sendStatus(401); next() }
    const app = express()
    ${text}`
  const program = new Program([parseJavaScript('src/main.ts', source)], {
    files: new Set(['src/main.ts']),
    aliases: [],
    packages: new Map(),
  })
  const settings = new Map(
    Object.entries(env).map(([name, value]): [string, readonly EnvSetting[]] => [
      name,
      [{ value, at: { file: '.env.example', line: 1, text: `${name}=${value}` }, example: true }],
    ]),
  )
  return readExpress({
    program,
    evaluator: new Evaluator(program),
    env: settings,
    ...(deployment === undefined ? {} : { deployment }),
  })
}

const routes = (facts: FrameworkFacts) => facts.routes.map((one) => `${one.method} ${one.path} ${one.guard}`)
const docs = (facts: FrameworkFacts) => facts.docs.map((one) => one.when)

describe('express-graphql', () => {
  const graphiql = (option: string, around?: Around) =>
    docs(app(`app.use('/graphql', graphqlHTTP({ schema, ${option} }))`, around))

  test('one route, with the guard before it', () => {
    assert.deepEqual(routes(app("app.use('/api', graphqlHTTP({ schema }))")), ['POST /api none'])
    assert.deepEqual(routes(app("app.use('/api', auth, graphqlHTTP({ schema }))")), ['POST /api own'])
    assert.deepEqual(routes(app("app.use(auth); app.use('/api', graphqlHTTP({ schema }))")), ['POST /api global'])
    assert.deepEqual(routes(app("app.use('/api', graphqlHTTP({ schema })); app.use(auth)")), ['POST /api none'])
    assert.deepEqual(routes(app("app.post('/api', auth, graphqlHTTP({ schema }))")), ['POST /api own'])
  })

  test('inside a handler, and by a name', () => {
    assert.deepEqual(routes(app("app.use('/g', (req, res) => { graphqlHTTP({ schema })(req, res) })")), [
      'POST /g none',
    ])
    assert.deepEqual(routes(app("const server = graphqlHTTP({ schema }); app.use('/g', server)")), ['POST /g none'])
  })

  test('GraphiQL is off unless it is asked for', () => {
    assert.deepEqual(graphiql(''), [])
    assert.deepEqual(graphiql('graphiql: false'), ['never'])
    assert.deepEqual(graphiql('graphiql: true'), ['always'])
    assert.deepEqual(graphiql('graphiql: { headerEditorEnabled: true }'), ['always'])
    assert.deepEqual(graphiql("graphiql: process.env.NODE_ENV !== 'production'"), ['development'])
    assert.deepEqual(graphiql("graphiql: process.env.NODE_ENV === 'production' ? false : true"), ['development'])
  })

  test('a switch of the environment is what the files set', () => {
    const option = "graphiql: process.env.EDITOR === 'true'"
    assert.deepEqual(graphiql(option, { env: { EDITOR: 'true' } }), ['always'])
    assert.deepEqual(graphiql(option, { env: { EDITOR: 'false' } }), ['never'])
    assert.deepEqual(graphiql(option), ['unknown'])
  })

  test('behind a guard', () => {
    assert.deepEqual(docs(app("app.use('/g', auth, graphqlHTTP({ schema, graphiql: true }))")), ['guarded'])
  })
})

describe('Apollo', () => {
  const apollo = (options: string, applied = 'app', around?: Around, more = '') =>
    app(
      `const server = new ApolloServer({ typeDefs, ${options} }); server.applyMiddleware({ ${applied} }); ${more}`,
      around,
    )
  const image = { file: 'Dockerfile', line: 9, text: 'CMD node dist/main.js' }

  test('one route, at its path', () => {
    assert.deepEqual(routes(apollo('')), ['POST /graphql none'])
    assert.deepEqual(routes(apollo('', "app, path: '/api'")), ['POST /api none'])
  })

  test('the explorer is up unless NODE_ENV is production', () => {
    assert.deepEqual(docs(apollo('')), ['development'])
    assert.deepEqual(docs(apollo('', 'app', { deployment: { start: image, production: false } })), ['always'])
    assert.deepEqual(docs(apollo('playground: true, introspection: true')), ['always', 'always'])
    assert.deepEqual(docs(apollo('playground: false, introspection: false')), ['never', 'never'])
  })

  test('landing pages', () => {
    assert.deepEqual(docs(apollo('plugins: [ApolloServerPluginLandingPageGraphQLPlayground()]')), ['always'])
    assert.deepEqual(docs(apollo('plugins: [ApolloServerPluginLandingPageProductionDefault()]')), [])
    const chosen = `plugins: [process.env.NODE_ENV === 'production' ? ApolloServerPluginLandingPageProductionDefault()
      : ApolloServerPluginLandingPageLocalDefault()]`
    assert.deepEqual(docs(apollo(chosen)), ['development'])
  })

  test('its own CORS answers any origin unless it is switched off', () => {
    const cors = (applied: string) => apollo('', applied).cors.map((one) => one.origins)
    assert.deepEqual(cors('app'), ['any'])
    assert.deepEqual(cors('app, cors: false'), [])
    assert.deepEqual(cors("app, cors: { origin: ['https://app.example.com'] }"), ['listed'])
  })

  test('a context that refuses strangers guards every field; one that looks only does not', () => {
    const refuses =
      "context: ({ req }) => { const user = jwt.verify(req.headers.authorization, key); if (!user) throw new Error('Unauthorized'); return { user } }"
    assert.deepEqual(routes(apollo(refuses)), ['POST /graphql global'])
    const looks = 'context: ({ req }) => ({ user: jwt.verify(req.headers.authorization, key) })'
    assert.deepEqual(routes(apollo(looks)), ['POST /graphql none'])
  })

  test('stacks in errors', () => {
    assert.equal(apollo('debug: true').debug.length, 1)
    assert.equal(apollo('formatError: (error) => ({ message: error.message, stack: error.stack })').debug.length, 1)
    const signs = (options: string, handler = '') =>
      apollo(options, 'app', { deployment: { start: image, production: false } }, handler).debug.length
    const answered = 'app.use((error, req, res, next) => { res.sendStatus(500) })'
    assert.equal(signs('debug: false', answered), 0)
    assert.equal(signs('', answered), 1)
    // Without a handler of its own Express answers, with the stack.
    assert.equal(signs('debug: false'), 1)
  })

  test('version 4 is middleware of the application', () => {
    const facts = app(`
      const server = new Apollo4({ typeDefs, introspection: true })
      app.use('/v4', auth, express.json(), expressMiddleware(server))
    `)
    assert.deepEqual(routes(facts), ['POST /v4 own'])
    assert.deepEqual(docs(facts), ['guarded'])
  })

  test('a mutation that logs in says what the route is for', () => {
    assert.equal(apollo('resolvers: { Mutation: { login: (_, args) => args } }').routes[0]?.handler, 'graphql.login')
    assert.equal(apollo('resolvers: { Query: { users: () => [] } }').routes[0]?.handler, 'graphql')
  })
})

describe('Yoga', () => {
  test('GraphiQL and any origin unless they are switched off', () => {
    const facts = app("const yoga = createYoga({ schema }); app.use('/graphql', yoga)")
    assert.deepEqual(routes(facts), ['POST /graphql none'])
    assert.deepEqual(docs(facts), ['always'])
    assert.deepEqual(
      facts.cors.map((one) => one.origins),
      ['any'],
    )
    const closed = app("app.use('/graphql', createYoga({ schema, graphiql: false, cors: false }))")
    assert.deepEqual(docs(closed), ['never'])
    assert.deepEqual(closed.cors, [])
  })
})

describe("type-graphql's arguments", () => {
  const resolver = (parameter: string) =>
    app(`
      import { Resolver, Mutation, Query, Arg, InputType, Field } from 'type-graphql'
      import { MaxLength } from 'class-validator'
      @InputType() class Pet { @Field() @MaxLength(40) name: string }
      @InputType() class Loose { @Field() name: string }
      @Resolver() class Pets { @Mutation() add(${parameter}) {} }
      app.use('/graphql', graphqlHTTP({ schema }))
    `).routes.flatMap((one) => one.inputs.flatMap((each) => each.problems.map((problem) => problem.what)))

  test('texts without a length', () => {
    assert.deepEqual(resolver("@Arg('pet') pet: Pet"), [])
    assert.deepEqual(resolver("@Arg('pet') pet: Loose"), ['add.pet.name: a string without a maximum length'])
    assert.deepEqual(resolver("@Arg('name') name: string"), ['add.name: a string without a maximum length'])
    assert.deepEqual(resolver("@Arg('id') id: number"), [])
  })

  test('a schema in words leaves open what its resolvers check', () => {
    assert.ok(app("app.use('/graphql', graphqlHTTP({ schema }))").routes[0]?.inputs[0]?.unread)
  })
})
