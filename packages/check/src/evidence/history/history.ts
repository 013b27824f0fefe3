import { gitOutput, kindOf, roleOf } from '../project/index.ts'
import { type SecretFinding, secretsIn } from '../secrets/index.ts'
import { type Hunk, readLog, TOO_SLOW } from './log.ts'
import { sinkSecrets } from './sinks.ts'

export interface HistoryFinding extends SecretFinding {
  readonly file: string
  /** The newest commit that added it (short), whose `line` it is. */
  readonly commit: string
  /** The oldest one. */
  readonly since: string
  /** Whether it is in the file as that is today: what is read line by line here is judged by its tree there. */
  readonly stands?: boolean
}

export interface HistorySecrets {
  /** How many there are; where it was not read to its end, how many of them had something to read and were. */
  readonly commits: number
  readonly findings: readonly HistoryFinding[]
  /** False when history is not all there, or was not read to its end: `why` says it. */
  readonly complete: boolean
  readonly why?: string
}

const SECONDS = 20
/** What git names the tree that has nothing, by its hash. */
const EMPTY_TREES = {
  sha1: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  sha256: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
}
const MOST = 2_000
const MOST_MISSING = 20

/**
 * One look over a whole hunk that lets nearly all of them pass: only where one of these words stands is anything searched.
 */
const WORTH_A_LOOK =
  /secret|passw|passphrase|requirepass|masterauth|pwd|_pass\b|token|api_?key|private|credential|(?:_|-|[a-z])key["'\]]{0,2}\s?[:=]|(?:sign|verify|Async|encode|decode|cookieParser)\(|AKIA|ASIA|gh[pousr]_|github_pat|glpat-|[sr]k_live|xox[abeprs]-|hooks\.slack|AIza|SG\.|npm_|pypi-|\bsk-|\bhf_|do[opr]_v1|AccountKey|eyJ|:\/\/[^\s:/@]{0,100}:[^\s/@]{1,200}@/i

/** Every secret that was ever added to the folder's part of its repository, on any branch. Once for each file and value. */
export const historySecrets = async (folder: string, { seconds = SECONDS } = {}): Promise<HistorySecrets> => {
  const found = new Map<string, HistoryFinding>()
  let full = false
  const asked = ['--is-shallow-repository', '--show-object-format', '--absolute-git-dir', '--show-prefix']
  const answer = await gitOutput(folder, ['rev-parse', ...asked])
  if (!answer.ok) return { commits: 0, findings: [], complete: false, why: answer.why }
  const [shallow, format, gitFolder = '', prefix = ''] = answer.text.split('\n')
  const home = { gitFolder, prefix, emptyTree: EMPTY_TREES[format === 'sha256' ? 'sha256' : 'sha1'] }
  // Tracked build output is the program with its settings filled in: the secret that the source leaves out is often in there.
  const wanted = remembering(
    (file) => roleOf(file.replaceAll(/(?:^|\/)(?:dist|build)(?=\/)/g, '')) === 'program' && !COMPILED.test(file),
  )
  const each = (hunk: Hunk) => {
    if (!WORTH_A_LOOK.test(hunk.text)) return
    for (const finding of inHunk(hunk)) {
      const key = `${hunk.file}\0${finding.value}`
      const known = found.get(key)
      // The log goes back in time.
      if (known !== undefined) found.set(key, { ...known, since: hunk.commit })
      else if (found.size < MOST)
        found.set(key, {
          ...finding,
          line: finding.line + hunk.line - 1,
          file: hunk.file,
          commit: hunk.commit,
          since: hunk.commit,
        })
      else full = true
    }
  }
  const counted = gitOutput(folder, ['rev-list', '--all', '--count'])
  const without: string[] = []
  let end = await readLog(home, wanted, each, seconds * 1000)
  // A partial clone lacks its large files. Nothing is fetched for it; the rest of history is read without them.
  while (end.missing !== undefined && without.length < MOST_MISSING && end.left > 1_000) {
    const started = performance.now()
    const paths = await pathsOf(folder, end.missing, end.left)
    if (paths.length === 0) break
    without.push(...paths)
    found.clear()
    end = await readLog(home, wanted, each, end.left - (performance.now() - started), without)
  }
  const count = await counted
  const why =
    (end.why === TOO_SLOW ? `history took over ${seconds} s` : end.why) ??
    (shallow === 'true' ? 'the clone is shallow: older commits are not in it' : undefined) ??
    (without.length > 0 ? `the clone is partial: ${without.slice(0, 3).join(', ')} could not be read` : undefined) ??
    (full ? `over ${MOST} findings` : undefined)
  return {
    commits: end.why === undefined && count.ok ? Number(count.text) : end.commits,
    findings: [...found.values()],
    complete: why === undefined,
    ...(why === undefined ? {} : { why }),
  }
}

/** Where an object that is missing would stand. */
const pathsOf = async (folder: string, object: string, milliseconds: number): Promise<readonly string[]> => {
  const search = [
    'log',
    '--all',
    '--full-history',
    '--no-show-signature',
    '--no-ext-diff',
    '--no-textconv',
    '--no-renames',
  ]
  const shown = [
    '--no-relative',
    '--ignore-submodules=all',
    '-O/dev/null',
    `--find-object=${object}`,
    '--format=',
    '--name-only',
    '-z',
    '--',
  ]
  const output = await gitOutput(folder, [...search, ...shown], { milliseconds })
  return output.ok ? [...new Set(output.text.split('\0').map((path) => path.trim()))].filter((path) => path !== '') : []
}

const CODE = /\.(?:[cm]?[jt]s|[jt]sx|py)$/i
/** Pages, styles, texts for people. */
const COMPILED =
  /\.(?:html?|ejs|hbs|pug|vue|txt|csv|tsv|xml|xliff|graphql|postman_collection\.json)$|(?:^|\/)\.?eslint(?:rc|\.config)\.[cm]?[jt]s$|(?:^|\/)(?:i18n|locales?|languages?|lang|translations?)\//i

const inHunk = ({ file, text }: Hunk): readonly SecretFinding[] => {
  const shapes = secretsIn(text, { file, role: 'program' })
  if (kindOf(file) !== 'source' || !CODE.test(file)) return shapes
  return [...shapes, ...sinkSecrets(text).filter(({ value }) => !shapes.some((shape) => shape.value.includes(value)))]
}

const remembering = (test: (file: string) => boolean): ((file: string) => boolean) => {
  const known = new Map<string, boolean>()
  return (file) => {
    const answer = known.get(file) ?? test(file)
    if (known.size < 50_000) known.set(file, answer)
    return answer
  }
}
