/** `portcullis gateway`: the door in front of any backend, which is a package of its own. */
import { packageCommand } from './package-command.ts'

export const gateway = packageCommand(
  'portcullis-gateway',
  'The gateway is a package of its own: npm install portcullis-gateway',
)
