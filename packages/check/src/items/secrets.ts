/** Secrets are shown by their first characters and a hash, in every output. */
import { createHash } from 'node:crypto'

/** `abcd… (sha256:1a2b3c4d5e6f)`: enough to recognise it, too little to use it. Of one that is shorter than six characters two stay hidden. */
export const redacted = (secret: string): string =>
  `${secret.slice(0, Math.max(0, Math.min(4, secret.length - 2)))}… (sha256:${createHash('sha256').update(secret).digest('hex').slice(0, 12)})`

/** The text with every one of the secrets redacted, the longest first, so that one inside another is not half shown. */
export const withoutSecrets = (text: string, secrets: ReadonlySet<string>): string =>
  [...secrets]
    .filter((secret) => secret !== '')
    .sort((a, b) => b.length - a.length)
    .reduce((rest, secret) => rest.replaceAll(secret, redacted(secret)), text)
