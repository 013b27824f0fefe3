import type { Sessions } from '../sessions.ts'

const refuse = async (): Promise<never> => {
  throw new TypeError('The sessions belong to the issuer of the tokens: none is opened, listed or ended here.')
}

/** The sessions of a program whose tokens are somebody else's: there are none, and a token's own times say how long it counts. */
export const noOwnSessions: Sessions = Object.freeze({
  open: refuse,
  refresh: refuse,
  check: () => true,
  end: refuse,
  endAll: refuse,
  endEverything: refuse,
  list: refuse,
})
