/** Signs of debug mode in a Flask program: Werkzeug's debugger runs code for whoever asks. */
import { type Call, type Located, lastName, type Node, possibilities, type Scope } from '../../source/index.ts'
import type { DebugSign } from '../facts.ts'
import { startsFile } from '../fastapi/debug.ts'
import { type Command, placeOfCommand } from '../fastapi/proxies.ts'
import { argumentOf, flagSign, valuesOf } from '../python/index.ts'
import { placeOf, type Reading, whenOf } from '../reading.ts'
import { each } from './routes.ts'
import { settingsInFiles } from './setting-files.ts'

export const debugOf = (reading: Reading, commands: readonly Command[]): readonly DebugSign[] => [
  ...byRun(reading, commands),
  ...byAssignment(reading),
  ...byUpdate(reading),
  ...configured(reading),
  ...byFile(reading),
  ...byEnvironment(reading),
  ...commands.flatMap((one) =>
    !one.development && /\bflask\b[^\n]*--debug\b|\bgunicorn\b[^\n]*--reload\b/.test(one.text)
      ? [{ at: placeOfCommand(one), what: `debug mode in what ${one.kind} starts` }]
      : [],
  ),
]

/** `app.run(debug=True)`. Without a command that says otherwise, the program itself is what is started. */
const byRun = (reading: Reading, commands: readonly Command[]): readonly DebugSign[] => {
  const served = commands.some(
    (one) => !one.development && /\b(?:gunicorn|uwsgi|waitress|hypercorn|uvicorn|flask\s+run)\b/.test(one.text),
  )
  return reading.program.callsNamed('run').flatMap((call) => {
    const { callee } = call.node
    if (callee.kind !== 'member' || !/app/i.test(lastName(callee.object) ?? '')) return []
    const given = argumentOf(reading, call, 'debug')
    const runs = !served || startsFile(commands, call.node.at.file)
    if (given === undefined || !runs || whenOf(reading, call.node) === 'development') return []
    const at = placeOf(reading, given.node?.at ?? call.node.at)
    const located = given.node && { node: given.node, scope: call.scope }
    const { values } = given
    return flagSign(reading, { at, what: 'app.run(debug=…)', on: 'app.run(debug=True)', values, given: located })
  })
}

const SETTING = /^(?:FLASK_)?DEBUG$/

/** `app.debug = True`, `app.config['DEBUG'] = os.getenv('ENV') != 'production'`. */
const byAssignment = (reading: Reading): readonly DebugSign[] => {
  const signs: DebugSign[] = []
  each(reading, (node, scope) => {
    if (node.kind !== 'assign' || node.value === undefined || node.target.kind !== 'member') return
    const name = lastName(node.target) ?? ''
    const isFlag =
      (name === 'debug' && /app$/i.test(lastName(node.target.object) ?? '')) ||
      (SETTING.test(name) && lastName(node.target.object) === 'config')
    if (isFlag && whenOf(reading, node) === 'always') signs.push(...signOf(reading, name, node, node.value, scope))
  })
  return signs
}

const signOf = (reading: Reading, name: string, where: Node, value: Node, scope: Scope): readonly DebugSign[] => {
  const at = placeOf(reading, where.at)
  const values = possibilities(reading.evaluator.value(value, scope))
  return flagSign(reading, { at, what: name, on: `${name} is on`, values, given: { node: value, scope } })
}

/** `app.config.update(DEBUG=True)`. */
const byUpdate = (reading: Reading): readonly DebugSign[] =>
  ['update', 'from_mapping'].flatMap((name) =>
    reading.program.callsNamed(name).flatMap(({ node, scope }: Located<Call>) => {
      const isConfig = node.callee.kind === 'member' && lastName(node.callee.object) === 'config'
      if (!isConfig || whenOf(reading, node) !== 'always') return []
      return [...node.named].flatMap(([key, value]) =>
        SETTING.test(key) ? signOf(reading, key, value, value, scope) : [],
      )
    }),
  )

/** The class that config.from_object names. */
const configured = (reading: Reading): readonly DebugSign[] =>
  reading.program.callsNamed('from_object').flatMap(({ node, scope }): readonly DebugSign[] => {
    const target = node.args[0]
    if (target === undefined || whenOf(reading, node) === 'development') return []
    return valuesOf(reading, target, scope).flatMap((value): readonly DebugSign[] => {
      const type = value.kind === 'instance' ? value.class : value
      if (type.kind !== 'class' || /dev|test|local/i.test(type.node.name ?? '')) return []
      const what = `${type.node.name ?? 'config'}.DEBUG`
      const debug = reading.evaluator.member(type, 'DEBUG', node.at)
      const values = possibilities(debug)
      const own = type.node.members.find((one) => one.kind === 'assign' && lastName(one.target) === 'DEBUG')
      const written = own?.kind === 'assign' ? own.value : undefined
      const within = written && reading.program.scopeOf(written)
      const given = written && within && { node: written, scope: within }
      return flagSign(reading, { at: placeOf(reading, debug.at), what, on: `${what} is on`, values, given })
    })
  })

/** `DEBUG = True` in the file that config.from_pyfile names. */
const byFile = (reading: Reading): readonly DebugSign[] =>
  settingsInFiles(reading).flatMap(({ node, scope }) =>
    node.kind === 'assign' && node.value !== undefined && SETTING.test(lastName(node.target) ?? '')
      ? signOf(reading, lastName(node.target) ?? '', node, node.value, scope)
      : [],
  )

const byEnvironment = ({ env }: Reading): readonly DebugSign[] => [
  ...(env.get('FLASK_DEBUG') ?? []).flatMap(({ value, at, example }) =>
    !example && /^(?:1|true|on)$/i.test(value) ? [{ at, what: 'FLASK_DEBUG is on' }] : [],
  ),
  ...(env.get('FLASK_ENV') ?? []).flatMap(({ value, at, example }) =>
    !example && value === 'development' ? [{ at, what: 'FLASK_ENV is development' }] : [],
  ),
]
