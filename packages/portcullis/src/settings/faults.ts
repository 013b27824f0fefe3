/** Thrown when settings can't be used. `faults` lists every mistake at once; a message never holds a secret. */
export class SettingsError extends Error {
  declare readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(`These settings can't be used:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
    this.name = 'SettingsError'
    // Where it was thrown says nothing of what to mend: the list stands last in a terminal, and not above ten lines of frames.
    this.stack = `${this.name}: ${this.message}`
    // The message has them: Node would print what is enumerable once more.
    Object.defineProperty(this, 'faults', { value: faults })
  }
}

/** Gathers mistakes, so that somebody mends them in one go and not one at each start. */
export class FaultList {
  readonly #faults: string[] = []

  /** Notes one mistake: a sentence that says what is wrong, where, and what to do. */
  add(...faults: readonly string[]): void {
    this.#faults.push(...faults)
  }

  /** Runs `read` and answers its value; a throw is noted under the setting's name and answered with undefined. */
  try<T>(name: string, read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      const faults = (error as { faults?: readonly string[] }).faults ?? [(error as Error).message]
      this.add(...faults.map((fault) => (fault.startsWith(name) ? fault : `${name}: ${fault}`)))
      return undefined
    }
  }

  /** @throws SettingsError when anything was noted */
  throwIfAny(): void {
    if (this.#faults.length > 0) throw new SettingsError(this.#faults)
  }
}
