import { isCollision } from './errors.ts'

/** How often a transaction is tried that collides with another, if that comes out quickly. */
const attempts = 3

/** ms after which it is not tried again: whoever asked waits no longer than for one that fails. */
const promptlyMs = 400

/** The same methods, each tried again when PostgreSQL ended its transaction for the sake of another one; a method is one transaction. */
export const again = <Store extends object>(store: Store): Store =>
  Object.fromEntries(Object.entries(store).map(([name, method]) => [name, retried(method)])) as Store

const retried =
  (method: (...parameters: readonly unknown[]) => unknown) =>
  async (...parameters: readonly unknown[]): Promise<unknown> => {
    const began = performance.now()
    for (let left = attempts - 1; ; left -= 1) {
      try {
        return await method(...parameters)
      } catch (error) {
        if (left === 0 || !isCollision(error) || performance.now() - began > promptlyMs) throw error
      }
    }
  }
