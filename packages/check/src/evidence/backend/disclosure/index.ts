/** What an answer tells that is nobody's business: stack traces, raw errors, the environment. */

export { environmentAnswers, environmentReturned } from './environment-answers.ts'
export { inHelper, putIn, runsAsDevelopment, shows, stackSigns } from './stacks.ts'
