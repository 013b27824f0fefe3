/** Settings that production does not start with: of CI, and files that are called development's or a test's. */

const IN_CI =
  /^\.github\/|(?:^|\/)workflow-templates\/|(?:^|\/)(?:\.gitlab-ci|\.travis|azure-pipelines|bitbucket-pipelines|\.drone|appveyor)[\w.-]*\.ya?ml$|^\.circleci\//i
const FOR_DEVELOPMENT = /(?:^|[._/-])(?:dev|development|devcontainer|local|override|test|testing)(?:[._/-]|$)/i
/** A tracked .env.local is read by the program as much as .env is. */
const ENV_FILE = /(?:^|[./])env(?:$|\.)/i

export const isApart = (file: string): boolean =>
  IN_CI.test(file) || (FOR_DEVELOPMENT.test(file) && !ENV_FILE.test(file))
