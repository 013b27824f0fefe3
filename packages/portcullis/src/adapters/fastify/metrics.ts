import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { AccessRule } from '../../layers/access/index.ts'
import { role, serviceKey } from '../../layers/access/index.ts'
import { keyRing, readBearer } from '../../layers/sessions/index.ts'
import { FaultList } from '../../settings/index.ts'
import type { AnyApplication } from './any-application.ts'
import type { Figure } from './figures.ts'
import { keyFigures, shown } from './figures.ts'

/** What `metrics` takes. */
export interface MetricsOptions {
  /** Where they are read, such as `/metrics`. */
  readonly path: string
  /** The bearer that opens this route and nothing else, of 256 random bits; without it only an admin may read. */
  readonly token: string | undefined
  /** Asked for each time. */
  figures(): readonly Figure[]
  /** Answers by class of status, where applications follow one another and count on. */
  readonly answers?: Map<string, number>
}

/** Who may read the figures: an admin, and the bearer of the token when there is one. Never everybody. */
const readers = (token: string | undefined): AccessRule => {
  // An empty variable counts as not given.
  if (token === undefined || token === '') return role('admin')
  const faults = new FaultList()
  // Judged like any other key: a bearer that can be guessed opens the route too.
  faults.try('metrics: token', () => keyRing([token]))
  faults.try('metrics: token', () => readBearer(token))
  faults.throwIfAny()
  return serviceKey('metrics key', createHash('sha256').update(token).digest(), role('admin'))
}

/**
 * A route in the text format of Prometheus: security events, answers by class of status, which keys there are, and the figures. Set up on
 * the application itself, whose answers it counts, before the routes that are counted.
 *
 * @throws TypeError without a path or figures; SettingsError for a token that is short, well known or a placeholder, or that nobody could send
 */
export const metrics = (anyApp: AnyApplication, options: Readonly<MetricsOptions>): void => {
  const { path, token, figures, answers = new Map() } = Object(options) as MetricsOptions
  const app = anyApp as FastifyInstance
  if (typeof path !== 'string' || typeof figures !== 'function')
    throw new TypeError(
      "metrics takes a path and figures: metrics(app, { path: '/metrics', token, figures: () => figuresOf({}) })",
    )
  // Not async: that would make a promise for each answer.
  app.addHook('onResponse', (_request, reply, done) => {
    const status = `${Math.floor(reply.statusCode / 100)}xx`
    answers.set(status, (answers.get(status) ?? 0) + 1)
    done()
  })
  const counted = (label: string, counts: Iterable<readonly [string, number]>) =>
    [...counts].map(([value, count]) => ({ labels: { [label]: value }, value: count }))

  app.get(
    path,
    { config: { access: readers(token) }, schema: { summary: 'Counters, for Prometheus' } },
    async (_request, reply) => {
      reply.type('text/plain; version=0.0.4; charset=utf-8')
      return shown([
        {
          name: 'portcullis_events_total',
          help: 'Security events since the start.',
          value: counted('event', app.portcullis.events.counts),
        },
        {
          name: 'portcullis_answers_total',
          help: 'Answers since the start, by class of status.',
          value: counted('status', [...answers].sort()),
        },
        ...keyFigures(app.portcullis.keys()),
        ...figures(),
      ])
    },
  )
}
