/** What was asked cannot be done as it was asked: the message is what to do instead; nothing was sent. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
