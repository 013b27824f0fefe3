/** The modules whose constants are a Flask program's settings: `app.config.from_pyfile('config.py')`, `from_object('app.settings')`. */
import { dirname, join } from 'node:path/posix'
import { type Located, lastName, type Module } from '../../source/index.ts'
import { flatTexts, valuesOf } from '../python/index.ts'
import { type Reading, whenOf } from '../reading.ts'

/** A file that is called so is read where somebody develops, whatever reads it. */
const DEVELOPMENT = /(?:^|[/_.])(?:dev|test|local|instance)/

/** Each constant that is a setting: an assignment of the module itself, which nobody who develops alone reads. */
export const settingsInFiles = (reading: Reading): readonly Located[] =>
  [...new Set(['from_pyfile', 'from_object'].flatMap((name) => filesNamed(reading, name)))].flatMap((module) =>
    module.body.flatMap((node) => {
      const scope = reading.program.scopeOf(node)
      return scope === undefined || whenOf(reading, node) === 'development' ? [] : [{ node, scope }]
    }),
  )

const filesNamed = (reading: Reading, name: string): readonly Module[] =>
  reading.program.callsNamed(name).flatMap(({ node, scope }) => {
    const [given] = node.args
    const isConfig = node.callee.kind === 'member' && lastName(node.callee.object) === 'config'
    if (given === undefined || !isConfig || whenOf(reading, node) === 'development') return []
    const values = valuesOf(reading, given, scope)
    const named = flatTexts(values).flatMap((text) => {
      const path = name === 'from_pyfile' ? text : `${text.replaceAll('.', '/')}.py`
      return moduleAt(reading, path, dirname(node.at.file)) ?? []
    })
    return [...values.flatMap((one) => (one.kind === 'module' ? [one.module] : [])), ...named].filter(
      ({ file }) => !DEVELOPMENT.test(file),
    )
  })

/** Beside the program, or below a folder that Python looks into. */
const moduleAt = ({ program: { modules } }: Reading, path: string, beside: string): Module | undefined =>
  modules.get(join(beside, path)) ??
  modules.get(path) ??
  [...modules.values()].find(({ file }) => file.endsWith(`/${path}`))
