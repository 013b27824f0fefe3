import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(scrypt)
const COST = { N: 2 ** 14, r: 8, p: 5 }

export const hashPassword = async (password) => {
  const salt = randomBytes(16)
  const key = await derive(password, salt, 32, COST)
  return `${salt.toString('base64')}:${key.toString('base64')}`
}

// An unknown account costs the same work as a wrong password, so that time doesn't tell them apart.
const nobody = await hashPassword(randomBytes(16).toString('hex'))

export const passwordMatches = async (password, hash) => {
  const [salt, key] = (hash ?? nobody).split(':')
  const derived = await derive(password, Buffer.from(salt, 'base64'), 32, COST)
  return timingSafeEqual(derived, Buffer.from(key, 'base64')) && hash !== undefined
}
