/** Signs of the inside in an answer. */
const TRACES: readonly RegExp[] = [
  /Traceback \(most recent call last\)/,
  /\bat (?:async )?[^\n<]{0,120}?\(?(?:file:\/\/|node:|\/|[A-Za-z]:\\)[^\s()<>"]*:\d+(?::\d+)?\)?/,
  /node_modules[\\/]/,
  /\.py(?:"|&quot;|\\")?, line \d+/,
  /"(?:stack|stackTrace|traceback|exc_info)"\s*:\s*["[]/i,
]

const DEBUGGERS: readonly RegExp[] = [
  /Werkzeug Debugger|__debugger__|EVALEX/,
  // Starlette's page, which is FastAPI's.
  /class=["'](?:traceback-container|traceback-title|frame-filename)["']/,
  /You(?:'|&#x27;)re seeing this error because you have <code>DEBUG = True/,
]

/** Errors of a database or its library, as they are. */
const INSIDES: readonly RegExp[] = [
  /SQLITE_ERROR|sqlite3\.\w*Error|sqlalchemy\.exc|psycopg2?\.|asyncpg\.exceptions|ER_[A-Z]+_ERROR/,
  /PrismaClient\w*Error|SequelizeDatabaseError|QueryFailedError|MongoServerError|CastError/,
]

const first = (text: string, patterns: readonly RegExp[]): RegExp | undefined => patterns.find((one) => one.test(text))

export const traceIn = (text: string): RegExp | undefined => first(text, [...DEBUGGERS, ...TRACES])
export const insideIn = (text: string): RegExp | undefined => traceIn(text) ?? first(text, INSIDES)
