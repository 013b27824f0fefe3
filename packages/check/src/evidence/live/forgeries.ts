import type { Jwt } from './token.ts'
import { hmacOf } from './token.ts'

/** A token that must be refused, and the shell words that make it out of $TOKEN. */
interface Forgery {
  readonly what: string
  readonly value: string
  readonly shell: string
}

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const NODE = {
  tampered: `let[h,p,s]=process.argv[1].split("."),c=JSON.parse(Buffer.from(p,"base64url"));c.portcullis=1;console.log([h,Buffer.from(JSON.stringify(c)).toString("base64url"),s].join("."))`,
  none: `let[a,p]=process.argv[1].split(".");console.log(Buffer.from(JSON.stringify({alg:process.argv[2],typ:"JWT"})).toString("base64url")+"."+p+".")`,
  empty: `let[a,p]=process.argv[1].split("."),d=Buffer.from(JSON.stringify({alg:"HS256",typ:"JWT"})).toString("base64url")+"."+p;console.log(d+"."+require("crypto").createHmac("sha256","").update(d).digest("base64url"))`,
} as const

const made = (script: string, ...rest: readonly string[]): string =>
  `$(node -e '${script}' ${['"$TOKEN"', ...rest].join(' ')})`

/**
 * What a backend that only decodes, or lets the token's own header choose the algorithm, takes for good (RFC 8725 §2.1). The claims
 * stay those of the account, so that a refusal can only be for the signature.
 */
export const forgeriesOf = ({ claims, parts: [first, second, signature] }: Jwt): readonly Forgery[] => {
  const empty = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${second}`
  return [
    {
      what: 'its payload changed and its signature kept',
      value: `${first}.${encoded({ ...claims, portcullis: 1 })}.${signature}`,
      shell: made(NODE.tampered),
    },
    { what: 'its signature stripped', value: `${first}.${second}.`, shell: `\${TOKEN%.*}.` },
    ...['none', 'None', 'NONE'].map((alg) => ({
      what: `the algorithm ${alg}`,
      value: `${encoded({ alg, typ: 'JWT' })}.${second}.`,
      shell: made(NODE.none, alg),
    })),
    {
      what: 'a signature made with an empty key',
      value: `${empty}.${hmacOf('HS256', empty, '') ?? ''}`,
      shell: made(NODE.empty),
    },
  ]
}
