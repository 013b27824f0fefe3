/** A string with the colon behind it where it is a name, or the beginning or end of an object. */
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}]/g

/** The names that stand twice in one object of a JSON text: JSON.parse keeps the last of them without a word. */
export const repeatedNames = (json: string): readonly string[] => {
  const repeated = new Set<string>()
  const objects: Set<string>[] = []
  for (const [token, text, colon] of json.matchAll(TOKEN)) {
    if (token === '{') objects.push(new Set())
    else if (token === '}') objects.pop()
    else if (text !== undefined && colon !== undefined) {
      const name = JSON.parse(text) as string
      const names = objects.at(-1)
      if (names?.has(name) === true) repeated.add(name)
      names?.add(name)
    }
  }
  return [...repeated]
}
