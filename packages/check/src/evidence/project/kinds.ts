/** What a file is, by its path and size alone. */
export type FileKind = 'source' | 'settings' | 'other'
export type FileRole = 'program' | 'test' | 'example' | 'generated'

/** Files over this are nobody's own writing, and are not read. */
export const LARGEST = 1024 * 1024

const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx|py)$/i
const SETTINGS_NAMES = [
  /^(?:dockerfile|containerfile)(?:$|[.-])/i,
  /\.(?:dockerfile|env|ya?ml|toml|ini|conf|cfg|properties|service|sh|tfvars)$/i,
  /^(?:\.(?:env|flaskenv|npmrc|pypirc|netrc|envrc)(?:$|[.-])|env[.-])/i,
  /^(?:procfile|caddyfile|pipfile)(?:$|\.)/i,
  /^requirements[\w.-]*\.txt$/i,
  /^(?:package|app|now|vercel|nodemon|pm2|ecosystem|ormconfig|credentials|serviceaccount|appsettings[\w.]*)\.json$/i,
  /(?:config|credentials|service[-_]?account|secrets?|settings)[\w.-]*\.json$/i,
]
const SETTINGS_FOLDERS = /(?:^|\/)(?:config|configs|conf|settings)\/[^/]+\.(?:json|json5)$/i
const NOT_SETTINGS =
  /^(?:[tj]sconfig[\w.-]*|biome|typedoc|jest[\w.-]*|nest-cli|renovate|package-lock|composer\.lock)\.json$/i

const TRANSLATIONS = /(?:^|\/)(?:i18n|locales?|languages?|lang|translations?)\//i

export const kindOf = (path: string): FileKind => {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (NOT_SETTINGS.test(name) || (TRANSLATIONS.test(path) && !SOURCE.test(name))) return 'other'
  if (SOURCE.test(name)) return 'source'
  return SETTINGS_NAMES.some((one) => one.test(name)) || SETTINGS_FOLDERS.test(path) ? 'settings' : 'other'
}

const LOCK =
  /^(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|bun\.lockb?|yarn\.lock|[\w.-]+\.lock|go\.sum|[\w.-]+-lock\.(?:json|ya?ml))$/i
const BUNDLE =
  /(?:\.min\.[cm]?js$|\.min\.css$|\.map$|\.(?:bundle|chunk)\.js$|(?:^|[.-])(?:polyfills|vendors?~[\w~-]*)\.[\w-]*\.?js$|[.-](?=[a-f]*\d)[0-9a-f]{8,20}\.(?:js|css)$|^(?:jquery|bootstrap|angular|vue|react|d3|lodash|moment|swagger-ui)[\w-]*(?:[.-]\d[\w.-]*)?(?:\.prod|\.production)?\.js$|\.(?:gen|generated)\.\w+$|_pb2(?:_grpc)?\.py$)/i
const GENERATED_FOLDERS =
  /^(?:node_modules|bower_components|site-packages|__pycache__|\.next|\.nuxt|\.venv|venv|\.yarn|__generated__)$/i
/** These are folders of a program too, once inside its source: src/docs/swagger.js, app/vendor/vendor.controller.ts. */
const GENERATED_OUTSIDE = /^(?:dist|build|out|coverage|vendor|vendored|third_party|generated)$/i
/** A bench measures others, set up as they are; it is not what is deployed. */
const EXAMPLE_OUTSIDE = /^(?:docs?|documentation|examples?|samples?|bench(?:es|marks?)?)$/i
const CODE_FOLDERS = /^(?:src|app)$/i

const TEST_FOLDERS =
  /^(?:tests?|__tests?__|specs?|e2e|cypress|playwright|__mocks__|mocks?|__fixtures__|fixtures?|factories|test[-_](?:utils?|helpers?|data|support)|testing|testdata)$/i
const TEST_NAMES =
  /(?:\.(?:test|spec|unit|e2e-spec|e2e|mock|cy|fixture|stories)\.[\w.]+$|[-_](?:test|spec)\.(?:[cm]?[jt]sx?|py)$|^conftest\.py$|^tests?(?:_\w+)?\.py$|^(?:pytest|tox)\.ini$|^(?:jest|vitest|cypress|playwright|karma)\.(?:config|setup)[\w.]*$)/i

const EXAMPLE_ENV =
  /^(?:\.env|env|\.flaskenv)(?:[.-]\w+)*[.-](?:example|sample|template|dist|tpl|test|testing|ci|default|defaults)(?:[.-]\w+)*$|(?:example|sample|template)[\w.-]*\.env$/i
const EXAMPLE_NAMES = /example|\.sample(?:\.|$)|\.template(?:\.|$)|\.dist$|\.tpl$/i
const EXAMPLE_SOURCE = /[\w-][._-](?:example|sample|template)\.\w+$/i
const PROSE = /^readme|\.(?:mdx?|rst|adoc)$/i

export const roleOf = (path: string, size = 0): FileRole => {
  const parts = path.split('/')
  const name = parts.pop() ?? ''
  if (size > LARGEST || LOCK.test(name) || BUNDLE.test(name)) return 'generated'
  const code = parts.findIndex((part) => CODE_FOLDERS.test(part))
  const outside = code === -1 ? parts : parts.slice(0, code)
  if (parts.some((part) => GENERATED_FOLDERS.test(part))) return 'generated'
  if (outside.some((part) => GENERATED_OUTSIDE.test(part))) return 'generated'
  if (EXAMPLE_ENV.test(name)) return 'example'
  if (parts.some((part) => TEST_FOLDERS.test(part)) || TEST_NAMES.test(name)) return 'test'
  if (/^tests?\.\w+$/.test(name) && /^(?:env|envs|environments?|config|configs|settings)$/.test(parts.at(-1) ?? ''))
    return 'test'
  if (PROSE.test(name) || outside.some((part) => EXAMPLE_OUTSIDE.test(part))) return 'example'
  // example.controller.ts is somebody's program; config.example.ts is not.
  if (SOURCE.test(name) ? EXAMPLE_SOURCE.test(name) : EXAMPLE_NAMES.test(name)) return 'example'
  return 'program'
}

/** The file in which node-config is told what each setting's variable is called: its values are names. */
export const namesVariables = (path: string): boolean => /(?:^|\/)custom-environment-variables\.\w+$/.test(path)
