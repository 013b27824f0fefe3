/** The files of a folder, what each is, and git run so that a hostile repository cannot run anything. Judges nothing. */
export { complaintOf, type Git, type GitOutput, git, gitOutput } from './git.ts'
export { type FileKind, type FileRole, kindOf, namesVariables, roleOf } from './kinds.ts'
export type { Package } from './manifests.ts'
export { patience } from './patience.ts'
export { openProject, type Project, type ProjectFile } from './project.ts'
export { readText } from './reading.ts'
