import { describe } from 'node:test'
import { python, typescript } from './worth.ts'

describe('sums', () => {
  typescript('of numbers', [
    ['const it = 2 + 3', '5'],
    ['const it = 2 - 3', '-1'],
    ['const it = 7 % 4', '3'],
    ['const it = 2 ** 10', '1024'],
    ['const it = 7 / 2', '3.5'],
    ['const it = (1 + 2) * 3', '9'],
    ["const it = '2' * 3", '6'],
    ["const it = 'a' * 3", '?'],
    ['const it = 1 < 2', 'true'],
    ['const it = 2 <= 1', 'false'],
    ['const it = 1 === 1', 'true'],
    ["const it = '1' === 1", 'false'],
    ["const it = 'a' !== 'b'", 'true'],
    ['const it = 6 & 3', '?'],
  ])
  python("of Python's numbers", [
    ['it = 7 // 2', '3'],
    ['it = 2 ** 3', '8'],
    ['it = 60 * 24 * 8', '11520'],
  ])

  typescript('of texts', [
    ["const it = 'a' + 'b'", '"ab"'],
    ["const it = 'a' + 1", '"a1"'],
    ["const it = 'a' + process.env.B", '?.+.B'],
    ["const it = 'a' + other()", '`"a"global:other.()`'],
    ["const it = 'a' + other() + 'b'", '`"a"global:other.()"b"`'],
  ])

  typescript('of each way that both sides can be', [
    ['const it = (x ? 1 : 2) * (y ? 10 : 100)', '10 | 100 | 20 | 200'],
    ['const it = (process.env.N || 2) * 60', '?timedelta.60.N | 120'],
  ])

  typescript('of moments, in the scale that they are in', [
    ['const it = Date.now() / 1000 + 60', 'now+60s as s'],
    ['const it = Math.floor(Date.now() / 1000) * 1000', 'now+0s as ms'],
    ['const it = Date.now() - 60000', 'now+-60s as ms'],
    ['const it = 60000 + Date.now()', 'now+60s as ms'],
    ['const it = Date.now() * 2', '?'],
    ['const it = Date.now() / 60', '?'],
    ['const it = Date.now() + life', '?'],
    ['const it = Date.now() + 60000 - Date.now()', '60s'],
    // Milliseconds that were taken for seconds stay milliseconds.
    ['const it = Date.now() + 3600', 'now+3.6s as ms'],
  ])
})
