import { freshDatabase, postgresMissing } from '../../packages/portcullis/test/services/postgres.ts'
import { freshPrefix, redisMissing, redisUrl } from '../../packages/portcullis/test/services/redis.ts'
import { contenders, storeContenders } from '../contenders.ts'
import { inTurn, type Subject } from '../measure.ts'
import { faultsOf, notSecured } from '../refuses.ts'
import { ratios } from '../statistics.ts'
import { reads } from './get.ts'
import { Servers, seriesTable, titles, type Work } from './work.ts'

/** The authenticated GET where several processes share limits, sessions and accounts. */
export const stores: Work = {
  name: 'stores',
  missing: async () => (await postgresMissing()) || (await redisMissing()) || undefined,
  run: async (plan) => {
    await using servers = new Servers()
    const place = async (): Promise<Readonly<Record<string, string>>> => ({
      DATABASE_URL: await freshDatabase(servers),
      REDIS_URL: redisUrl,
      REDIS_PREFIX: freshPrefix(servers),
    })
    const subjects: Subject[] = [
      { name: 'bare', server: await servers.start(contenders.bare), requests: reads(contenders.bare) },
    ]
    const notes: string[] = []
    for (const contender of Object.values(storeContenders)) {
      const faults = await faultsOf(contender, { env: await place(), reads: true })
      if (faults.length > 0) notes.push(notSecured(contender, faults))
      else {
        const server = await servers.start(contender, await place())
        subjects.push({ name: contender.name, server, requests: reads(contender) })
      }
    }
    const series = await inTurn(subjects, plan)
    const { ours, bare, fastify } = series
    return {
      title: 'Limits in Redis, identity in PostgreSQL',
      about: [
        'The authenticated GET. Redis and PostgreSQL run beside, on any core; the CPU is that of the server alone. Ours remembers who somebody is and drops it when another process tells of a change; the other asks for every request.',
        ...notes,
      ].join(' '),
      table: seriesTable(series, {
        ...titles,
        ours: storeContenders.ours.title,
        fastify: storeContenders.fastify.title,
      }),
      figures: {
        'stores-rate': ratios(ours?.perSecond ?? [], bare?.perSecond ?? []),
        'stores-peer': ratios(ours?.perSecond ?? [], fastify?.perSecond ?? []),
      },
    }
  },
}
