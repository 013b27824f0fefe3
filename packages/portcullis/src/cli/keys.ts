import { generateSecret } from '../layers/sessions/index.ts'
import { nearest } from '../settings/index.ts'
import { readAlgorithm } from './algorithm.ts'
import { readArguments } from './arguments.ts'
import { rotate } from './keys-rotate.ts'
import { misused } from './usage-error.ts'

const USAGE = `portcullis keys [--alg HS256 | EdDSA | ES256]
portcullis keys rotate --help

Prints one line: a new secret for JWT_SECRET (HS256, the default), or a private key whose public half is served as a JWKS.
\`keys rotate\` replaces the key that signs, step by step, and checks each step.
`

/** `portcullis keys`: makes a secret. The secret alone goes to stdout, so that it can be piped. */
export const keys = (args: readonly string[]): number | Promise<number> => {
  const [first = '', ...rest] = args
  if (first === 'rotate') return rotate(rest)
  if (nearest(first, ['rotate']) !== undefined) throw misused('keys has no such command; did you mean rotate?', USAGE)
  const { values } = readArguments(
    {
      args: [...args],
      options: { alg: { type: 'string', default: 'HS256' }, help: { type: 'boolean', short: 'h' } },
    },
    USAGE,
  )
  if (values.help === true) {
    process.stdout.write(USAGE)
    return 0
  }
  process.stdout.write(`${generateSecret(readAlgorithm(values.alg, USAGE))}\n`)
  return 0
}
