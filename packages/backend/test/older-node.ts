/** Loaded before a program (`--import`): makes this Node one of before argon2, as far as a start sees. */
import * as crypto from 'node:crypto'
import { registerHooks } from 'node:module'

Object.defineProperty(process, 'version', { value: 'v22.12.0' })

const names = Object.keys(crypto).filter((name) => name !== 'argon2' && name !== 'default')
const without = `import all from 'crypto'
const { argon2, ...rest } = all
export default rest
export const { ${names.join(', ')} } = all`

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'node:crypto' && context.parentURL?.endsWith('/passwords/hasher.ts') === true
      ? { url: `data:text/javascript,${encodeURIComponent(without)}`, shortCircuit: true }
      : next(specifier, context),
})
