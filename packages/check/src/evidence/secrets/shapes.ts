/**
 * Secrets that say what they are by their shape. Every expression starts only at the start of a word (a lookbehind) and bounds what
 * it repeats, so that a hostile file costs no more than a long one.
 */
import type { Severity } from '../../items/index.ts'
import { shannon } from './entropy.ts'

interface Shape {
  readonly rule: string
  readonly severity: Severity
  /** A text without any of these has none: finding a word is much cheaper than trying an expression. */
  readonly marks: readonly string[]
  readonly pattern: RegExp
  /** Beyond the shape. */
  readonly real?: (value: string, text: string) => boolean
}

const AT_WORD = '(?<![A-Za-z0-9_-])'
const AFTER = '(?![A-Za-z0-9_-])'
const shape = (
  rule: string,
  marks: string,
  pattern: string,
  severity: Severity = 'critical',
  real?: Shape['real'],
): Shape => ({
  rule,
  severity,
  marks: marks.split(' '),
  pattern: new RegExp(AT_WORD + pattern + AFTER, 'g'),
  ...(real === undefined ? {} : { real }),
})

const headerDecodes = (token: string): boolean => {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString())
    return typeof header === 'object' && header !== null && 'alg' in header
  } catch {
    return false
  }
}

export const shapes: readonly Shape[] = [
  shape('aws-access-key', 'AKIA ASIA', '(?:AKIA|ASIA)[A-Z0-9]{16}'),
  shape(
    'github-token',
    'ghp_ gho_ ghu_ ghs_ ghr_ github_pat_',
    '(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9]{20,30}_[A-Za-z0-9]{50,80})',
  ),
  shape('gitlab-token', 'glpat-', 'glpat-[A-Za-z0-9_-]{20,64}'),
  shape('stripe-key', 'sk_live_ rk_live_', '(?:sk|rk)_live_[A-Za-z0-9]{16,250}'),
  shape('slack-token', 'xox', 'xox[abeprs]-[A-Za-z0-9-]{20,250}'),
  shape(
    'slack-webhook',
    'hooks.slack.com',
    'https://hooks\\.slack\\.com/services/T[A-Z0-9]{6,14}/B[A-Z0-9]{6,14}/[A-Za-z0-9]{18,40}',
    'high',
  ),
  shape('google-api-key', 'AIza', 'AIza[0-9A-Za-z_-]{35}', 'high'),
  shape('sendgrid-key', 'SG.', 'SG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{32,64}'),
  shape('npm-token', 'npm_', 'npm_[A-Za-z0-9]{36}'),
  shape('pypi-token', 'pypi-AgE', 'pypi-AgE[A-Za-z0-9_-]{50,250}'),
  shape(
    'openai-key',
    'sk-',
    'sk-(?:(?:proj|svcacct|admin|ant-[a-z]{2,8}\\d{2})-[A-Za-z0-9_-]{32,200}|[A-Za-z0-9]{40,64})',
  ),
  shape('huggingface-token', 'hf_', 'hf_[A-Za-z]{34}'),
  shape('digitalocean-token', '_v1_', 'do[opr]_v1_[0-9a-f]{64}'),
  shape('mailgun-key', 'key-', 'key-[0-9a-f]{32}', 'high'),
  shape('mailchimp-key', '-us', '[0-9a-f]{32}-us\\d{1,2}', 'high'),
  shape('telegram-token', ':AA', '\\d{8,10}:AA[A-Za-z0-9_-]{33}'),
  // A key id; it is Twilio's where its account stands in the same file.
  shape('twilio-key', 'SK', 'SK[0-9a-f]{32}', 'high', (_, text) =>
    /(?<![A-Za-z0-9])AC[0-9a-f]{32}(?![A-Za-z0-9])/.test(text),
  ),
  {
    rule: 'azure-storage-key',
    severity: 'critical',
    marks: ['AccountKey='],
    pattern: /(?<=AccountKey=)[A-Za-z0-9+/]{86}==/g,
  },
  // What it opens is not known, and most have expired: documentation is full of them.
  shape(
    'jwt',
    'eyJ',
    'eyJ[A-Za-z0-9_-]{10,2000}\\.eyJ[A-Za-z0-9_-]{2,6000}\\.[A-Za-z0-9_-]{20,1000}',
    'low',
    headerDecodes,
  ),
]

const MADE_UP = /example|sample|x{5}|placeholder|your|dummy|fake|0{8}|1234567890|abcdefgh|redacted|\.\.\./i

/** Whether the shape was filled by chance rather than by whoever wrote the documentation. */
export const isMadeUp = (value: string): boolean => MADE_UP.test(value) || shannon(value.slice(0, 200)) < 2.8
