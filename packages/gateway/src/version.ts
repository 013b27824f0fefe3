import { readFileSync } from 'node:fs'

/** What the package says it is; sources and built files are equally deep in it. */
export const version = (): string => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}
