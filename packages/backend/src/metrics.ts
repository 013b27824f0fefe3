import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { AccessRule } from 'portcullis/fastify'
import { role, serviceKey } from 'portcullis/fastify'
import type { KeyFileState } from './key-file-watch.ts'

/** A figure of this moment. One whose name ends in `_total` only grows. */
export interface Figure {
  readonly name: string
  readonly help: string
  readonly value: number | readonly Sample[]
}

/** One of the values of a figure that has several. No label holds a quote, a backslash or a line end. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Which keys there are, by kid, so that a rotation can be checked from outside; and whether the file of keys can be used. */
export const keyFigures = (app: FastifyInstance, file: KeyFileState | undefined): readonly Figure[] => [
  {
    name: 'portcullis_key_info',
    help: 'The keys of access tokens: the one that signs, and those that only verify.',
    value: app.portcullis
      .keys()
      .map(({ kid, alg }, index) => ({ labels: { kid, alg, signs: index === 0 ? '1' : '0' }, value: 1 })),
  },
  ...(file === undefined
    ? []
    : [
        {
          name: 'portcullis_key_file_faulty',
          help: '1 when JWT_SECRET_FILE can not be used now, and the keys of before stay.',
          value: file.faulty() ? 1 : 0,
        },
      ]),
]

/** Who may read the figures: an admin, and the bearer of METRICS_TOKEN when there is one. Never everybody. */
const readers = (token: string | undefined): AccessRule =>
  token === undefined
    ? role('admin')
    : serviceKey('metrics key', createHash('sha256').update(token).digest(), role('admin'))

/**
 * GET /metrics, in the text format of Prometheus: security events, answers by status class, and the figures, which are asked for each
 * time. Set up on the application itself, whose answers it counts.
 */
export const metrics = (app: FastifyInstance, token: string | undefined, figures: () => readonly Figure[]): void => {
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
        ...figures().flatMap(({ name, help, value }) => [
          `# HELP ${name} ${help}`,
          `# TYPE ${name} ${name.endsWith('_total') ? 'counter' : 'gauge'}`,
          ...samples(name, value),
        ]),
        '',
      ].join('\n')
    },
  )
}

const samples = (name: string, values: number | readonly Sample[]): readonly string[] =>
  typeof values === 'number'
    ? [`${name} ${values}`]
    : values.map(({ labels, value }) => {
        const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`)
        return `${name}{${pairs.join(',')}} ${value}`
      })
