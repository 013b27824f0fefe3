/**
 * What is published: a file for each entry, and for what entries share. Each module costs every application that loads it some memory and
 * time at its start, and there are two hundred. Nothing is minified: it is to be read, and a stack names functions.
 */
import { readFileSync } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'

const { exports } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))
const entries = [...Object.values(exports).map(({ source }) => source), './src/cli/main.ts']

const SOURCE = join(import.meta.dirname, 'src')
const named = (path) => relative(SOURCE, path).replace(/\.ts$/, '')

export default {
  input: Object.fromEntries(entries.map((path) => [named(join(import.meta.dirname, path)), path])),
  // What others wrote is installed beside it, where an audit sees it.
  external: (id) => !id.startsWith('.') && !isAbsolute(id),
  platform: 'node',
  // All that a module does when it is loaded is meant.
  treeshake: false,
  output: {
    dir: 'dist',
    charset: 'ascii',
    // What is loaded when it is asked for keeps its place.
    chunkFileNames: ({ facadeModuleId: module }) => (module ? `${named(module)}.js` : 'shared/[name].js'),
  },
}
