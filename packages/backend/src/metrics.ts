import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { AccessRule } from 'portcullis/fastify'
import { role, serviceKey } from 'portcullis/fastify'

/** A figure that is read when somebody asks. */
export interface Gauge {
  readonly name: string
  readonly help: string
  read(): number
}

/** Who may read the figures: an admin, and the bearer of METRICS_TOKEN when there is one. Never everybody. */
const readers = (token: string | undefined): AccessRule =>
  token === undefined
    ? role('admin')
    : serviceKey('metrics key', createHash('sha256').update(token).digest(), role('admin'))

/**
 * GET /metrics, in the text format of Prometheus: security events, answers by status class, and gauges. Set up on the
 * application itself, whose answers it counts.
 */
export const metrics = (app: FastifyInstance, token: string | undefined, gauges: readonly Gauge[]): void => {
  const answers = new Map<string, number>()
  app.addHook('onResponse', async (_request, reply) => {
    const status = `${Math.floor(reply.statusCode / 100)}xx`
    answers.set(status, (answers.get(status) ?? 0) + 1)
  })

  const lines = (name: string, help: string, label: string, counts: Iterable<readonly [string, number]>): string[] => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} counter`,
    ...[...counts].map(([value, count]) => `${name}{${label}="${value}"} ${count}`),
  ]

  app.get(
    '/metrics',
    { config: { access: readers(token) }, schema: { summary: 'Counters, for Prometheus' } },
    async (_request, reply) => {
      reply.type('text/plain; version=0.0.4; charset=utf-8')
      return [
        ...lines('portcullis_events_total', 'Security events since the start.', 'event', app.portcullis.events.counts),
        ...lines(
          'portcullis_answers_total',
          'Answers since the start, by class of status.',
          'status',
          [...answers].sort(),
        ),
        ...gauges.flatMap(({ name, help, read }) => [
          `# HELP ${name} ${help}`,
          `# TYPE ${name} gauge`,
          `${name} ${read()}`,
        ]),
        '',
      ].join('\n')
    },
  )
}
