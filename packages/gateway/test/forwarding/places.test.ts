import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from 'portcullis/fastify'
import { Places } from '../../src/forwarding/places.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Requests by number, and those that have begun. */
const lineOf = (connections: number) => {
  const places = new Places(connections)
  const begun: number[] = []
  return { begun, enter: (number: number) => places.enter(() => begun.push(number)) }
}

test('as many begin as there are connections, the others in their order, as places are given up', async () => {
  const { begun, enter } = lineOf(2)
  const places = [0, 1, 2, 3, 4].map(enter)
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
  const [first, second, third, fourth] = [0, 1, 2, 3].map(enter)
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
