/** Programs given as their files, for tests of what is read from them. */
import type { EnvSetting, Reading } from '../../src/evidence/backend/reading.ts'
import { Evaluator, type Layout, Program, parseJavaScript, type Value } from '../../src/evidence/source/index.ts'
import { openPython } from '../../src/evidence/source/python.ts'

const python = await openPython()

export type Sources = Readonly<Record<string, string>>

/** The program of these files. */
export const programOf = (sources: Sources, layout: Partial<Layout> = {}): Program =>
  new Program(
    Object.entries(sources).map(([file, text]) =>
      file.endsWith('.py') ? python(file, text) : parseJavaScript(file, text),
    ),
    { files: new Set(Object.keys(sources)), aliases: [], packages: new Map(), ...layout },
  )

/** What a file of the environment sets, `.env` unless its name says otherwise. */
export const envOf = (
  settings: Readonly<Record<string, string>>,
  file = '.env',
): ReadonlyMap<string, readonly EnvSetting[]> =>
  new Map(
    Object.entries(settings).map(([name, value], index) => [
      name,
      [{ value, at: { file, line: index + 1, text: `${name}=${value}` }, example: file.endsWith('.example') }],
    ]),
  )

/** A reading of these files. */
export const readingOf = (
  sources: Sources,
  more: Partial<Reading> & { readonly layout?: Partial<Layout> } = {},
): Reading => {
  const { layout, ...rest } = more
  const program = programOf(sources, layout)
  return { program, evaluator: new Evaluator(program), env: new Map(), ...rest }
}

/** A value in one line: what goes in and what comes out can be read side by side. */
export const shownValue = (value: Value): string => {
  switch (value.kind) {
    case 'literal':
      return JSON.stringify(value.value)
    case 'env':
      return `$${value.name}`
    case 'environment':
      return 'environment'
    case 'duration':
      return `${value.seconds}s`
    case 'instant':
      return `now+${value.seconds}s as ${value.scale}`
    case 'list':
      return `[${value.items.map(shownValue).join(', ')}]`
    case 'object': {
      const entries = [...value.entries].map(([key, one]) => `${key}: ${shownValue(one)}`)
      return `{${[...entries, ...value.rest.map((one) => `...${shownValue(one)}`)].join(', ')}}`
    }
    case 'text':
      return `\`${value.parts.map(shownValue).join('')}\``
    case 'pattern':
      return `/${value.source}/`
    case 'function':
      return `function ${value.node.name ?? ''}`.trim()
    case 'class':
      return `class ${value.node.name}`
    case 'instance':
      return `a ${value.class.node.name}`
    case 'module':
      return `module ${value.module.file}`
    case 'external':
      return `${value.from}:${value.path.join('.')}`
    case 'either':
      return value.values.map(shownValue).join(' | ')
    case 'unknown':
      return value.label === undefined ? '?' : `?${value.label.join('.')}`
  }
}
