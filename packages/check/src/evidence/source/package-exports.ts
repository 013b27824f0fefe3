/** What a workspace's package gives out by the `exports` (or `main`) of its manifest, as paths by the names that others import. */
import type { PathAliases } from './resolve-import.ts'

/** Where a build puts what `src` holds. */
const BUILT = /^(?:\.\/)?(?:dist|build|lib|out)\//

export const exportsOf = (
  folder: string,
  manifest: { readonly name: string; readonly [key: string]: unknown },
): PathAliases => {
  const { name, exports, main, module } = manifest
  const subpaths =
    typeof exports === 'object' && exports !== null && Object.keys(exports).some((key) => key.startsWith('.'))
      ? Object.entries(exports)
      : [['.', exports ?? [module, main]] as const]
  return {
    folder,
    baseUrl: undefined,
    paths: Object.fromEntries(
      subpaths.flatMap(([key, value]) => {
        const targets = leaves(value).filter((one) => !/\.d\.[cm]?ts$/.test(one))
        const sources = targets.filter((one) => BUILT.test(one)).map((one) => one.replace(BUILT, './src/'))
        return key.startsWith('.') ? [[name + key.slice(1), [...sources, ...targets]]] : []
      }),
    ),
  }
}

/** The texts in a tree of conditions: `{ import: './a.js', require: './a.cjs' }`. */
const leaves = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : []
}
