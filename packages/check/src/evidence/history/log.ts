/** One `git log -p` as a stream of what each commit added to each file. */
import { complaintOf, git, patience } from '../project/index.ts'

export interface Hunk {
  /** Short. */
  readonly commit: string
  readonly file: string
  /** Of its first line, in the file as that commit left it. */
  readonly line: number
  readonly text: string
}

interface LogEnd {
  readonly commits: number
  readonly why?: string
  /** ms of the limit that were not used */
  readonly left: number
  /** The object that git could not read, as in a partial clone. */
  readonly missing?: string
}

/**
 * What nobody writes by hand, or reads: git then needs not even look at the blobs. A star followed by plain text is the one kind
 * of pattern that git compares quickly, and it compares each with every path.
 */
const ENDINGS =
  '.png .jpg .jpeg .gif .webp .ico .svg .mp3 .mp4 .webm .mov .woff .woff2 .ttf .eot .otf .pdf .zip .gz .jar .vtt .db .sqlite .xdb .mmdb .snap .map .lock .min.js .min.css .md .mdx .css .scss .html package-lock.json shrinkwrap.json pnpm-lock.yaml bun.lockb'
const FOLDERS = ['node_modules', 'venv', '.venv']
const ARGUMENTS = [
  // Larger files are shown as binary, so git never loads them.
  '-c',
  'core.bigFileThreshold=1m',
  'log',
  '--all',
  '-p',
  '--cc',
  '--full-history',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--diff-filter=AM',
  '-U0',
  '--inter-hunk-context=0',
  '--no-renames',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--submodule=short',
  '--ignore-submodules=all',
  '-O/dev/null',
  '--no-show-signature',
  '--no-notes',
  '--format=commit %h',
]

/** The repository that a folder belongs to. */
interface Home {
  /** Absolute. */
  readonly gitFolder: string
  /** The folder's path in it: '' or `packages/api/`. */
  readonly prefix: string
  readonly emptyTree: string
}

/**
 * As a bare repository, run away from the working tree, and with the attributes of an empty tree: a .gitattributes that says
 * `*.env -diff` would otherwise keep what was added to them out of the log.
 */
const argumentsFor = ({ gitFolder, prefix }: Home, without: readonly string[]): readonly string[] => [
  `--git-dir=${gitFolder}`,
  '--bare',
  ...ARGUMENTS,
  prefix === '' ? '--no-relative' : `--relative=${prefix}`,
  '--',
  prefix === '' ? '.' : `:(literal)${prefix}`,
  ...ENDINGS.split(' ').map((ending) => `:(exclude)*${ending}`),
  ...FOLDERS.map((name) => `:(exclude,literal)${prefix}${name}`),
  ...without.map((path) => `:(exclude,literal)${path}`),
]

/** Why a log was not read to its end. */
export const TOO_SLOW = 'history takes too long'

const LARGEST_HUNK = 1024 * 1024
const LONGEST_LINE = 64 * 1024

/** Calls `each` for every hunk of added lines, the newest commit first. Ends early at the limit, and says so. */
export const readLog = (
  home: Home,
  wanted: (file: string) => boolean,
  each: (hunk: Hunk) => void,
  milliseconds: number,
  without: readonly string[] = [],
): Promise<LogEnd> =>
  new Promise((resolve) => {
    const child = git(home.gitFolder, argumentsFor(home, without), { GIT_ATTR_SOURCE: home.emptyTree })
    const reader = hunkReader(wanted, each)
    let why: string | undefined
    let complaint = ''
    let settled = false
    const stop = (reason: string) => {
      why ??= reason
      child.stdout.destroy()
      child.kill('SIGKILL')
    }
    const waiting = patience(milliseconds, () => stop(TOO_SLOW))
    const settle = () => {
      waiting.end()
      if (settled) return
      settled = true
      reader.end()
      const missing = /unable to read ([0-9a-f]{40,64})/.exec(complaint)?.[1]
      resolve({
        commits: reader.commits(),
        left: waiting.left(),
        ...(why === undefined ? {} : { why }),
        ...(missing === undefined ? {} : { missing }),
      })
    }
    child.stdout.on('data', (chunk: Buffer) => {
      if (why === undefined) waiting.work(() => reader.take(chunk))
    })
    child.stderr.on('data', (chunk: Buffer) => {
      if (complaint.length < 1_000) complaint += chunk.toString()
    })
    child.on('error', () => {
      why ??= 'git is not installed'
      settle()
    })
    child.on('close', (code) => {
      if (code !== 0) why ??= complaintOf(complaint) || `git ended with ${code}`
      settle()
    })
  })

const HEADER = /^@@+ (?:-\d+(?:,\d+)? )+\+(\d+)/

const hunkReader = (wanted: (file: string) => boolean, each: (hunk: Hunk) => void) => {
  let rest: Buffer | undefined
  let skipping = false
  let commits = 0
  let commit = ''
  let file: string | undefined
  /** How many signs stand before a line: one for each parent. */
  let parents = 1
  let inHunk = false
  let first = 0
  let lines: string[] = []
  let size = 0
  /** Lines that `take` has no use for need not be made texts: half of a history is what was removed, and files that nobody wants. */
  const isPassed = (sign: number | undefined): boolean =>
    inHunk && ((sign === MINUS && parents === 1) || (file === undefined && (sign === PLUS || sign === SPACE)))
  const flush = () => {
    if (lines.length > 0 && file !== undefined && size <= LARGEST_HUNK)
      each({ commit, file, line: first, text: lines.join('\n') })
    lines = []
    size = 0
  }
  const take = (line: string) => {
    const sign = line.charCodeAt(0)
    if (inHunk && (sign === PLUS || sign === MINUS || sign === SPACE)) {
      if (file === undefined || size > LARGEST_HUNK) return
      const signs = line.slice(0, parents)
      if (!signs.includes('+') || signs.includes('-')) return
      lines.push(line.slice(parents))
      size += line.length
      return
    }
    if (sign === AT && line.startsWith('@@')) {
      flush()
      const start = HEADER.exec(line)?.[1]
      inHunk = start !== undefined
      first = Number(start ?? 0)
      parents = Math.max(1, (/^@+/.exec(line)?.[0].length ?? 2) - 1)
      return
    }
    if (sign === BACKSLASH) return
    flush()
    inHunk = false
    if (line.startsWith('commit ')) {
      commits += 1
      commit = line.slice(7)
      file = undefined
    } else if (line.startsWith('diff ')) file = undefined
    else if (line.startsWith('+++ ')) {
      const path = pathOf(line.slice(4))
      file = path !== undefined && wanted(path) ? path : undefined
    }
  }
  return {
    commits: () => commits,
    take: (chunk: Buffer) => {
      let from = 0
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
        if (skipping) {
          // The start of it is enough to count it.
          take(rest?.toString() ?? '')
          skipping = false
          rest = undefined
        } else if (rest !== undefined) {
          take(Buffer.concat([rest, chunk.subarray(0, at)]).toString())
          rest = undefined
        } else if (!isPassed(chunk[from])) take(chunk.toString('utf8', from, Math.min(at, from + LONGEST_LINE)))
        from = at + 1
      }
      if (from >= chunk.length || skipping) return
      const tail = chunk.subarray(from)
      // One line of megabytes is data; it must not gather in memory.
      if ((rest?.length ?? 0) + tail.length > LONGEST_LINE) {
        skipping = true
        rest = Buffer.from((rest ?? tail).subarray(0, 100))
      } else rest = rest === undefined ? Buffer.from(tail) : Buffer.concat([rest, tail])
    },
    end: () => flush(),
  }
}

const [PLUS, MINUS, SPACE, AT, BACKSLASH] = [43, 45, 32, 64, 92]

/** `b/src/main.ts`, quoted by git where it has odd characters. */
const pathOf = (shown: string): string | undefined => {
  const text = shown.replace(/\t$/, '')
  const plain = text.startsWith('"') ? unquoted(text) : text
  return plain.startsWith('b/') ? plain.slice(2) : undefined
}

const unquoted = (text: string): string => {
  try {
    return JSON.parse(
      text.replaceAll(/\\([0-7]{3})/g, (_, octal) => `\\u00${Number.parseInt(octal, 8).toString(16).padStart(2, '0')}`),
    )
  } catch {
    return text.slice(1, -1)
  }
}
