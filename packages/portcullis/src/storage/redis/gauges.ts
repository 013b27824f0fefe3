import type { MemoryCounter } from '../../layers/limits/index.ts'
import type { RedisCounter } from './counter.ts'
import type { Health } from './health.ts'
import type { News } from './news.ts'
import type { RedisConnection } from './settings.ts'

/** The numbers a monitor asks for, now. */
export const gauges = (
  health: Health,
  counter: RedisCounter,
  local: MemoryCounter,
  news: News,
): ReturnType<RedisConnection['gauges']> => [
  {
    name: 'portcullis_limits_degraded',
    help: '1 while this process counts alone, because Redis is lost; 0 while Redis counts for all.',
    value: health.well ? 0 : 1,
  },
  {
    name: 'portcullis_redis_failures_total',
    help: 'Requests that Redis did not count because its command failed, and connections that were lost.',
    value: health.failures,
  },
  {
    name: 'portcullis_redis_late_total',
    help: 'Requests that Redis did not count in 50 ms.',
    value: health.late,
  },
  {
    name: 'portcullis_limited_from_memory_total',
    help: 'Requests over their limit, refused without asking Redis.',
    value: counter.fromMemory,
  },
  {
    name: 'portcullis_limited_keys',
    help: 'Clients and accounts whose quota is remembered in this process.',
    value: local.size,
  },
  {
    name: 'portcullis_refused_keys',
    help: 'Clients and accounts over their limit that Redis is not asked about.',
    value: counter.refused,
  },
  {
    name: 'portcullis_redis_subscribed',
    help: '1 while news of other processes is heard at once; 0 otherwise.',
    value: news.listening ? 1 : 0,
  },
]
