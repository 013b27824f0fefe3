import type { KeyName } from '../../layers/sessions/index.ts'

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

/** What a program on Portcullis has open, as far as it has figures. */
export interface Measured {
  readonly hasher?: { readonly inFlight: number; readonly waiting: number } | undefined
  /** The counter of a process that counts alone. */
  readonly memory?: { readonly size: number } | undefined
  readonly redis?: { gauges(): readonly Figure[] } | undefined
  readonly storage?: { gauges(): readonly Figure[] } | undefined
}

/** The figures of it, and of the process. Redis counts instead of the memory where both are there. */
export const figuresOf = ({ hasher, memory, redis, storage }: Measured): readonly Figure[] => [
  ...(hasher === undefined
    ? []
    : [
        {
          name: 'portcullis_password_hashes_in_flight',
          help: 'Password hashes being computed.',
          value: hasher.inFlight,
        },
        { name: 'portcullis_password_hashes_waiting', help: 'Password hashes in the queue.', value: hasher.waiting },
      ]),
  ...(redis?.gauges() ??
    (memory === undefined
      ? []
      : [
          {
            name: 'portcullis_limited_keys',
            help: 'Clients and accounts whose quota is remembered.',
            value: memory.size,
          },
        ])),
  ...(storage?.gauges() ?? []),
  { name: 'process_resident_memory_bytes', help: 'Resident memory.', value: process.memoryUsage.rss() },
]

/** Which keys there are, by kid, so that a rotation can be checked from outside; none where somebody else signs. */
export const keyFigures = (keys: readonly KeyName[]): readonly Figure[] =>
  keys.length === 0
    ? []
    : [
        {
          name: 'portcullis_key_info',
          help: 'The keys of access tokens: the one that signs, and those that only verify.',
          value: keys.map(({ kid, alg }, index) => ({
            labels: { kid, alg, signs: index === 0 ? '1' : '0' },
            value: 1,
          })),
        },
      ]

/** The text format of Prometheus. */
export const shown = (figures: readonly Figure[]): string =>
  [
    ...figures.flatMap(({ name, help, value }) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${name.endsWith('_total') ? 'counter' : 'gauge'}`,
      ...samples(name, value),
    ]),
    '',
  ].join('\n')

const samples = (name: string, values: number | readonly Sample[]): readonly string[] =>
  typeof values === 'number'
    ? [`${name} ${values}`]
    : values.map(({ labels, value }) => {
        const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`)
        return `${name}{${pairs.join(',')}} ${value}`
      })
