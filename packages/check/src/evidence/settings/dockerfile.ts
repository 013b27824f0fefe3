/** What a Dockerfile sets and starts. */
import { type EnvironmentValue, type Found, isForDevelopment, type Place } from './facts.ts'
import { commandsOf } from './shell.ts'

interface Instruction {
  readonly word: string
  readonly rest: string
  readonly line: number
}

/** Lines that a backslash continues are joined; comments between them are dropped, as BuildKit does. */
const instructions = (text: string): readonly Instruction[] => {
  const found: Instruction[] = []
  let open: { text: string; line: number } | undefined
  const close = () => {
    const match = /^\s*([A-Za-z]{2,12})\s+([\s\S]*)$/.exec(open?.text ?? '')
    if (open !== undefined && match !== null)
      found.push({ word: (match[1] ?? '').toUpperCase(), rest: (match[2] ?? '').trim(), line: open.line })
    open = undefined
  }
  text.split(/\r?\n/).forEach((line, index) => {
    if (/^\s*#/.test(line) || (open !== undefined && line.trim() === '')) return
    const continued = /\\\s*$/.test(line.slice(-200))
    const own = continued ? line.slice(0, line.lastIndexOf('\\')) : line
    open = open === undefined ? { text: own, line: index + 1 } : { ...open, text: `${open.text} ${own.trim()}` }
    if (!continued) close()
  })
  close()
  return found
}

interface Stage {
  readonly name: string
  entrypoint?: Instruction
  cmd?: Instruction
}

/** Every stage's own start command: which one is built is said elsewhere. */
export const dockerfile = (text: string, place: Place): Found => {
  const env: EnvironmentValue[] = []
  const stages: Stage[] = []
  for (const instruction of instructions(text)) {
    const { word, rest, line } = instruction
    const stage = stages.at(-1)
    if (word === 'FROM') stages.push({ name: /\sAS\s+(\S+)/i.exec(rest)?.[1] ?? '' })
    else if (word === 'CMD' && stage !== undefined) stage.cmd = instruction
    else if (word === 'ENTRYPOINT' && stage !== undefined) stage.entrypoint = instruction
    else if (word === 'ENV' || word === 'ARG')
      for (const [name, value] of pairs(rest))
        env.push({
          ...place,
          name,
          value,
          line,
          kind: 'image',
          development: place.development || isForDevelopment(stage?.name ?? ''),
        })
  }
  const started = stages.map((stage) => startOf(stage, place))
  return {
    env: [...env, ...started.flatMap((one) => one.env ?? [])],
    commands: started.flatMap((one) => one.commands ?? []),
  }
}

const startOf = ({ name, entrypoint, cmd }: Stage, place: Place): Found => {
  const last = cmd ?? entrypoint
  if (last === undefined) return {}
  const parts = [entrypoint, cmd].filter((one) => one !== undefined)
  const lists = parts.map(({ rest }) => execForm(rest))
  const shared = {
    line: last.line,
    kind: 'image' as const,
    development: isForDevelopment(name),
    ...(name === '' ? {} : { name }),
  }
  const text = parts.map(({ rest }) => rest).join(' ')
  // ENTRYPOINT ["sh", "-c", …] and CMD [...]: the command is the two together.
  if (lists.every((list) => list !== undefined)) return commandsOf(text, lists.flat(), place, shared)
  const found = parts.map(({ rest, line }, index) => commandsOf(rest, lists[index], place, { ...shared, line }))
  return { commands: found.flatMap((one) => one.commands ?? []), env: found.flatMap((one) => one.env ?? []) }
}

const execForm = (rest: string): readonly string[] | undefined => {
  if (!rest.startsWith('[')) return undefined
  try {
    const list: unknown = JSON.parse(rest)
    return Array.isArray(list) && list.every((one) => typeof one === 'string') ? list : undefined
  } catch {
    return undefined
  }
}

const PAIRS = /([A-Za-z_]\w{0,100})=(?:"((?:[^"\\]|\\.){0,4000})"|'([^']{0,4000})'|((?:[^\s"'\\]|\\.){0,4000}))/g
const pairs = (rest: string): readonly (readonly [string, string])[] => {
  if (/^[A-Za-z_]\w*\s+[^=\s]/.test(rest)) {
    const space = rest.search(/\s/)
    return [[rest.slice(0, space), rest.slice(space).trim()]]
  }
  return [...rest.matchAll(PAIRS)].map((match) => [match[1] ?? '', match[2] ?? match[3] ?? match[4] ?? ''] as const)
}
