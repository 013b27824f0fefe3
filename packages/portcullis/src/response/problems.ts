/** One row a problem: its code is the end of its `type`, is never reused, and docs/problems.md is made from this table. */
interface Row {
  readonly status: number
  readonly title: string
  readonly detail: string
  /** Where a standard names the type, its URI; elsewhere the type is TYPE_BASE and the code. */
  readonly type?: string
}

const TYPE_BASE = 'urn:portcullis:problem:'

/**
 * Every problem that Portcullis answers with (RFC 9457). `detail` is fixed text: it says what to do, and never holds a part of
 * the request, so that nothing that was refused is echoed.
 */
export const problems = {
  'malformed-request': {
    status: 400,
    title: 'Bad Request',
    detail: 'The request target or a header field is malformed or ambiguous.',
  },
  'malformed-body': {
    status: 400,
    title: 'Bad Request',
    detail: 'The body is not one JSON text in UTF-8 without duplicate names, forbidden names or more than 32 levels.',
  },
  'unexpected-body': { status: 400, title: 'Bad Request', detail: 'This route takes no body.' },
  unauthenticated: {
    status: 401,
    title: 'Unauthorized',
    detail: 'A valid session is needed: Authorization: Bearer, with an access token.',
  },
  'login-failed': { status: 401, title: 'Unauthorized', detail: 'The account or the password is not right.' },
  'refresh-refused': {
    status: 401,
    title: 'Unauthorized',
    detail: 'The refresh token is not valid any more. Log in again.',
  },
  forbidden: { status: 403, title: 'Forbidden', detail: 'This account may not do that.' },
  'origin-refused': { status: 403, title: 'Forbidden', detail: 'The request comes from an origin that is not listed.' },
  'not-found': { status: 404, title: 'Not Found', detail: 'There is nothing here.' },
  'method-refused': {
    status: 405,
    title: 'Method Not Allowed',
    detail: 'OPTIONS is answered for CORS preflights only.',
  },
  'request-timeout': { status: 408, title: 'Request Timeout', detail: 'The request did not arrive in time.' },
  conflict: { status: 409, title: 'Conflict', detail: 'The e-mail address or the username is taken.' },
  'body-too-large': { status: 413, title: 'Content Too Large', detail: 'The body is larger than this route takes.' },
  'media-type-refused': {
    status: 415,
    title: 'Unsupported Media Type',
    detail:
      'This route does not take a body of this media type, or takes none with a content coding. Most take application/json in UTF-8.',
  },
  'expectation-failed': {
    status: 417,
    title: 'Expectation Failed',
    detail: 'The Expect field asks for something that is not done here.',
  },
  invalid: {
    status: 422,
    title: 'Unprocessable Content',
    detail: 'A value is not what this route takes; errors names each field.',
  },
  'wrong-password': { status: 422, title: 'Unprocessable Content', detail: 'The current password is not right.' },
  'quota-exceeded': {
    status: 429,
    title: 'Too Many Requests',
    detail: 'The quota is used up. Retry-After says when to come back.',
    type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
  },
  'headers-too-large': {
    status: 431,
    title: 'Request Header Fields Too Large',
    detail: 'The header fields are larger than 16 KiB.',
  },
  internal: { status: 500, title: 'Internal Server Error', detail: 'Something went wrong here. It has been logged.' },
  'bad-gateway': {
    status: 502,
    title: 'Bad Gateway',
    detail: 'The service behind this one does not answer, or not in a way that can be passed on.',
  },
  unavailable: {
    status: 503,
    title: 'Service Unavailable',
    detail: 'A service that this needs does not answer, or too much is waiting. Retry-After says when to come back.',
  },
  'gateway-timeout': {
    status: 504,
    title: 'Gateway Timeout',
    detail: 'The service behind this one did not answer in time.',
  },
} as const satisfies Readonly<Record<string, Row>>

/** The stable name of a problem: the last segment of its `type`. */
export type ProblemCode = keyof typeof problems

/** A problem document, RFC 9457. */
export interface ProblemDocument {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  /** Which fields were refused, by where they stood (body, query, path, header, cookie) and JSON pointer; never their values. */
  readonly errors?: readonly { readonly in?: string | undefined; readonly field: string; readonly problem: string }[]
  /** The quota policies that refused (draft-ietf-httpapi-ratelimit-headers-11, section "Quota Exceeded"). */
  readonly 'violated-policies'?: readonly string[]
}

/** What a problem may add to its row of the table. */
export interface ProblemExtras {
  readonly detail?: string
  readonly errors?: ProblemDocument['errors']
  readonly violatedPolicies?: readonly string[]
}

/** Answers the document of a problem; the same one each time when there is nothing to add. */
export const problemDocument = (code: ProblemCode, extras?: ProblemExtras): ProblemDocument => {
  const plain = plainDocuments.get(code)
  if (extras === undefined && plain !== undefined) return plain
  return documentOf(code, extras ?? {})
}

const documentOf = (code: ProblemCode, extras: ProblemExtras): ProblemDocument => {
  const row: Row = problems[code]
  return {
    type: row.type ?? TYPE_BASE + code,
    title: row.title,
    status: row.status,
    detail: extras.detail ?? row.detail,
    ...(extras.errors === undefined ? {} : { errors: extras.errors }),
    ...(extras.violatedPolicies === undefined ? {} : { 'violated-policies': extras.violatedPolicies }),
  }
}

const plainDocuments: ReadonlyMap<string, ProblemDocument> = new Map(
  Object.keys(problems).map((code) => [code, Object.freeze(documentOf(code as ProblemCode, {}))]),
)

/**
 * Thrown by a handler to answer with a problem document. Its message is the document's detail; nothing of the request goes in.
 */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly status: number
  /** The same, by the name that error handlers of Fastify and Express read: `error.statusCode ?? 500`. */
  readonly statusCode: number
  readonly document: ProblemDocument
  readonly headers: Readonly<Record<string, string>>

  constructor(code: ProblemCode, extras: ProblemExtras = {}, headers: Readonly<Record<string, string>> = {}) {
    const document = documentOf(code, extras)
    super(document.detail)
    this.name = 'Problem'
    this.code = code
    this.status = document.status
    this.statusCode = document.status
    this.document = document
    this.headers = headers
  }
}
