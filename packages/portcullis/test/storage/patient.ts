import { setTimeout as delay } from 'node:timers/promises'

/**
 * The same store, asked again when it says 503: a suite asks for the right answer, and on a machine that is busy twenty questions at once may
 * find no connection in time.
 */
export const patient = <Store extends object>(store: Store): Store =>
  new Proxy(store, {
    get: (target, name, receiver) => {
      const method: unknown = Reflect.get(target, name, receiver)
      if (typeof method !== 'function') return method
      return (...parameters: unknown[]) => {
        const answer: unknown = method.apply(target, parameters)
        return answer instanceof Promise ? again(answer, () => method.apply(target, parameters)) : answer
      }
    },
  })

const again = async (answer: Promise<unknown>, ask: () => unknown): Promise<unknown> => {
  for (let left = 20; ; left -= 1) {
    try {
      return await (left === 20 ? answer : ask())
    } catch (error) {
      if (left === 0 || (error as { statusCode?: number }).statusCode !== 503) throw error
      await delay(50 + Math.random() * 100)
    }
  }
}
