import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from 'portcullis/fastify'
import { Places } from '../../src/forwarding/places.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Requests by number, and those that have begun. */
const lineOf = (connections: number) => {
  const places = new Places(connections)
  const begun: number[] = []
  return { begun, enter: (number: number, client = 'a') => places.enter(client, () => begun.push(number)) }
}

test('as many begin as there are connections, the others in their order, as places are given up', async () => {
  const { begun, enter } = lineOf(2)
  const places = [0, 1, 2, 3, 4].map((number) => enter(number))
  assert.deepEqual(begun, [], 'none before its place is handed out')
  await turn()
  assert.deepEqual(begun, [0, 1])
  places[1]?.leave()
  // Once and for all.
  places[1]?.leave()
  await turn()
  assert.deepEqual(begun, [0, 1, 2])
  places[0]?.leave()
  places[2]?.leave()
  await turn()
  assert.deepEqual(begun, [0, 1, 2, 3, 4])
})

test('who leaves the line never begins, and no place is lost, whenever that is', async () => {
  const { begun, enter } = lineOf(1)
  const [first, second, third, fourth] = [0, 1, 2, 3].map((number) => enter(number))
  await turn()
  second?.leave()
  first?.leave()
  // The place is the third's already, and it has not begun.
  third?.leave()
  await turn()
  assert.deepEqual(begun, [0, 3])
  fourth?.leave()
  enter(4).leave()
  enter(5)
  await turn()
  assert.deepEqual(begun, [0, 3, 5])
})

test('no more than 1024 wait', () => {
  const { enter } = lineOf(1)
  const places = Array.from({ length: 1_025 }, (_, number) => enter(number))
  const isRefused = (error: unknown): boolean => error instanceof Problem && error.code === 'unavailable'
  assert.throws(() => enter(1_025), isRefused)
  places.at(-1)?.leave()
  enter(1_026)
  assert.throws(() => enter(1_027), isRefused)
})

test('clients take turns, however many of one wait', async () => {
  const { begun, enter } = lineOf(1)
  const places = [0, 1, 2, 3].map((number) => enter(number, 'noisy'))
  places.push(enter(4, 'b'), enter(5, 'c'), enter(6, 'b'))
  for (const number of [0, 1, 4, 5, 2, 6, 3]) {
    await turn()
    assert.equal(begun.at(-1), number)
    places[number]?.leave()
  }
  // Nothing is left of them: a newcomer begins at once.
  enter(7, 'c')
  await turn()
  assert.deepEqual(begun, [0, 1, 4, 5, 2, 6, 3, 7])
})

test('no turn is lost by who leaves the line', async () => {
  const { begun, enter } = lineOf(1)
  const [first, second, third] = [enter(0, 'a'), enter(1, 'a'), enter(2, 'b')]
  enter(3, 'a')
  await turn()
  second?.leave()
  third?.leave()
  first?.leave()
  await turn()
  assert.deepEqual(begun, [0, 3])
})
