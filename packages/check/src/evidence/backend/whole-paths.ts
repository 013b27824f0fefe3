/** Paths that everything of an application may be below: `/api`, `/v1`. `/users` is one part of it. */
const WHOLE = /^(?:\/(?:api|rest|rpc|v\d+|app|service|private|protected|secure|secured|:\w+|graphql))+$/i

/** Whether a guard that is put on this path is the application's, where nothing that has to be guarded is beside it. */
export const isWhole = (path: string): boolean => WHOLE.test(path)
