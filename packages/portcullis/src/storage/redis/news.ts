import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'

/** Tells other processes that there is news, and hears of theirs. What is lost on the way is lost: nothing may depend on it. */
export interface News {
  announce(): void
  onAnnounced(listener: () => void): void
  /** Is this process subscribed now? */
  readonly listening: boolean
  close(): void
}

/** @param subscriber makes a connection of its own for SUBSCRIBE, when somebody listens for the first time */
export const news = (redis: Redis, subscriber: () => Redis, prefix: string): News => {
  const channel = `${prefix}:news`
  const self = randomUUID()
  const listeners = new Set<() => void>()
  let connection: Redis | undefined
  let listening = false

  const tell = (): void => {
    for (const listener of listeners) {
      try {
        listener()
      } catch {
        // One listener's fault is not the next one's.
      }
    }
  }

  const subscribe = (): Redis => {
    const made = subscriber()
    let before = false
    made.on('message', (_channel, sender) => {
      if (sender !== self) tell()
    })
    made.on('close', () => {
      listening = false
    })
    made.on('ready', () => {
      made.subscribe(channel).then(
        () => {
          listening = true
          // Something may have been said while nobody listened.
          if (before) tell()
          before = true
        },
        () => {},
      )
    })
    return made
  }

  return {
    get listening() {
      return listening
    },
    announce: () => {
      redis.publish(channel, self).catch(() => {})
    },
    onAnnounced: (listener) => {
      listeners.add(listener)
      connection ??= subscribe()
    },
    close: () => {
      listeners.clear()
      connection?.disconnect()
    },
  }
}
