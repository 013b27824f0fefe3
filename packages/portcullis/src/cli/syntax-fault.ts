import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * A sentence about a module that could not be read: what is wrong, and where.
 *
 * @param path the module, as it was given
 * @param file the same, absolute
 * @param error what importing it threw
 */
export const syntaxFault = (path: string, file: string, error: SyntaxError): string => {
  const place = placeIn(error.stack ?? '') ?? placeIn(checked(file))
  // Of plain JavaScript Node tells the place to nobody but who lets the process end of it.
  const where = place ?? `in a module that it imports; node ${path} says which`
  return `${path} can't be read: ${error.message} (${where})`
}

/** Node reads it and does not run it. */
const checked = (file: string): string =>
  spawnSync(process.execPath, ['--check', file], { encoding: 'utf8', timeout: 10_000 }).stderr

/** `FILE:LINE`, which stands on the first line, or on that of the first frame that is not of Node itself. */
const placeIn = (text: string): string | undefined => {
  const [first = '', ...others] = text.split('\n')
  if (/^(?:file:|\/|[A-Za-z]:\\).*:\d+$/.test(first)) return ofFile(first)
  const frame = others.map((line) => /^ {4}at (?:.*\()?(file:.*:\d+):\d+\)?$/.exec(line)?.[1]).find(Boolean)
  return frame === undefined ? undefined : ofFile(frame)
}

const ofFile = (place: string): string => {
  if (!place.startsWith('file:')) return place
  const [, url = '', line = ''] = /^(.*):(\d+)$/.exec(place) ?? []
  return `${fileURLToPath(url)}:${line}`
}
