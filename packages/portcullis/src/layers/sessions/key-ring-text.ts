/**
 * Reads the keys out of a variable or a file: separated by commas or line ends, newest first. A line that begins with `#` and a
 * blank is a note: no key holds a blank, so none can be taken for one. In a variable that is not set there is none, which `keyRing` says.
 */
export const secretsIn = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(/[\r\n]+/)
    .filter((line) => !/^\s*#(\s|$)/.test(line))
    .flatMap((line) => line.split(','))
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '')
