/** better-auth as a module of Nest: it is put on the server below, where no guard or throttler of Nest's stands. */
import { possibilities } from '../../source/index.ts'
import { BETTER_AUTH, signIns } from '../better-auth/index.ts'
import type { Limiter, Route } from '../facts.ts'
import { placeOf, type Reading } from '../reading.ts'

/** The logins of `AuthModule.forRoot({ auth })`; middleware of the whole server counts them too. */
export const mountedLogins = (reading: Reading, limiters: readonly Limiter[]): readonly Route[] => {
  const [mount] = ['forRoot', 'forRootAsync'].flatMap((name) =>
    reading.program
      .callsNamed(name)
      .filter(({ node, scope }) =>
        possibilities(reading.evaluator.value(node.callee, scope)).some(
          (one) =>
            one.kind === 'external' &&
            /^@[\w-]+\/(?:nestjs-better-auth|better-auth-nestjs|better-auth-nest)$/.test(one.from),
        ),
      ),
  )
  if (mount === undefined) return []
  const at = placeOf(reading, mount.node.at)
  return signIns(reading).map((path) => ({
    framework: 'nest',
    method: 'POST',
    path,
    at,
    guard: 'exempt',
    limiters,
    inputs: [],
    handler: BETTER_AUTH,
  }))
}
