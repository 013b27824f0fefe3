import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KNOWN_SECRETS } from '../../../src/layers/sessions/well-known.ts'

/** By SHA-256 here too: whoever looks for leaked secrets would find the text of them in this file. */
const published = {
  'a tutorial on JWT in Spring': '5df73e1aa59d8f332c2f5fd6ea1c37d0f2266b623ea3c4efe6cb3d577fd6a5e1',
  'a tutorial on JWT in ASP.NET Core': '0a156191bab76918c077502ba55581a677ebadcdb2b9dabca7e7b9fbd4d8427e',
  'another one in Spring': '594c081d23de22b178ba34a9c8551fe23d3a7034d92717a5cb4a054337a4c714',
  'another one in ASP.NET Core': 'f0e5408dfe18455f732ef7a5a19a25fd39a13abf041b3e9f35497e81c43ac43c',
  'SECRET_KEY of Dify': '0f44b34c6311bcb547867d393c1c56e6564e03d905fdd023637f549358bf3670',
  'JWT_SECRET of LibreChat': '69024f21e9ad17594dcccd93e87399af24a5426ccfe6108d1787f0335966abc4',
  'JWT_REFRESH_SECRET of LibreChat': '282ad5f60261639fefed381976b4d0dde52eab5527a1ab2ec75d5be1efa1165b',
  'the documentation of Hasura': 'ef1ca7491dee871be5f0e33a6d3f3e631bc8a69136fa49fddf3f3ca5bf3bd714',
}

for (const [name, digest] of Object.entries(published))
  test(`a secret that anybody can read is known: ${name}`, () => assert.ok(KNOWN_SECRETS.has(digest)))

test('each is a digest as it is looked up', () => {
  for (const digest of KNOWN_SECRETS) assert.match(digest, /^[0-9a-f]{64}$/)
})
