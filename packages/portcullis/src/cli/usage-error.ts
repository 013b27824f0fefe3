/** The command was typed wrong: its message is what to type instead; exit 2. */
export class UsageError extends Error {}
