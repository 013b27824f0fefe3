/** `portcullis check`: the checklist, which is a package of its own. */
import { packageCommand } from './package-command.ts'

export const check = packageCommand(
  'portcullis-check',
  'The checklist is a package of its own: npm install --save-dev portcullis-check',
)
