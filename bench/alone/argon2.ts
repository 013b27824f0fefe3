/** argon2id and nothing around it, with the parameters of today: prints how many a second were computed. */
import { argon2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'

const hash = promisify(argon2)
const [parallel = 1, seconds = 1] = process.argv.slice(2).map(Number)

const begun = performance.now()
let computed = 0
const work = async (): Promise<void> => {
  while (performance.now() - begun < seconds * 1000) {
    await hash('argon2id', {
      message: 'correct horse battery',
      nonce: randomBytes(16),
      memory: 19_456,
      passes: 2,
      parallelism: 1,
      tagLength: 32,
    })
    computed += 1
  }
}
await Promise.all(Array.from({ length: parallel }, work))
process.stdout.write(String((computed * 1000) / (performance.now() - begun)))
