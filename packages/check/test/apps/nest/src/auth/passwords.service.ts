import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { Injectable } from '@nestjs/common'

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)
const COST = { N: 2 ** 14, r: 8, p: 1 }
const BYTES = 32

export type PasswordHash = { salt: Buffer; hash: Buffer }

@Injectable()
export class PasswordsService {
  // Compared with where there is no account, so that both take the same time.
  private readonly nobody: PasswordHash = { salt: randomBytes(16), hash: randomBytes(BYTES) }

  async hash(password: string): Promise<PasswordHash> {
    const salt = randomBytes(16)
    return { salt, hash: await derive(password, salt, BYTES, COST) }
  }

  async matches(password: string, stored: PasswordHash | undefined): Promise<boolean> {
    const { salt, hash } = stored ?? this.nobody
    const same = timingSafeEqual(await derive(password, salt, BYTES, COST), hash)
    return same && stored !== undefined
  }
}
