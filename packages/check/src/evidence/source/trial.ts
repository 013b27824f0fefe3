/** Runs in a process of its own: parses what it is sent, and says that it lived. */
import { parseJavaScript } from './javascript.ts'

process.on('message', ({ file, text }: { file: string; text: string }) => {
  parseJavaScript(file, text, true)
  process.send?.(0)
})
