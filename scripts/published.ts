/**
 * What npm runs before and after it packs a package, in its folder. The `source` condition leads to what is not published; whoever uses
 * a condition of that name for packages of their own could import none of these.
 *
 * `take-out` leaves the package.json of before beside it, `put-back` brings it back; after a pack that was interrupted the next one does.
 */
import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

const FILE = 'package.json'
const KEPT = 'package.json.kept'

type Exports = Readonly<Record<string, Readonly<Record<string, string>> | string>>

const withoutSource = (exports: Exports): Exports =>
  Object.fromEntries(
    Object.entries(exports).map(([path, to]) => {
      if (typeof to === 'string') return [path, to]
      const { source: _, ...others } = to
      return [path, others]
    }),
  )

if (process.argv[2] === 'put-back') {
  if (existsSync(KEPT)) renameSync(KEPT, FILE)
} else {
  if (!existsSync(KEPT)) copyFileSync(FILE, KEPT)
  const manifest = JSON.parse(readFileSync(KEPT, 'utf8')) as { readonly exports: Exports }
  writeFileSync(FILE, `${JSON.stringify({ ...manifest, exports: withoutSource(manifest.exports) }, null, 2)}\n`)
}
