import { isUtf8 } from 'node:buffer'
import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { authenticated } from 'portcullis/access'
import { Problem } from 'portcullis/fastify'
import { parseJson } from 'portcullis/validation'
import type { Access } from './access.ts'
import type { BodyTypes, FormSchema } from './document/bodies.ts'
import { FORM, fieldReaders, filledIn, formCheck, MULTIPART } from './document/bodies.ts'
import { judgedIn, refusal, targetCheck } from './document/calls.ts'
import { inputSchemas } from './document/compiled.ts'
import { faultsOfJson } from './document/integers.ts'
import { hintsAtJudged, isOneType } from './document/media-types.ts'
import { multipartJudge } from './document/multipart-judge.ts'
import type { Operation } from './document/operations.ts'
import { leadsToPrototype, parsePairs, writePairs } from './document/pairs.ts'
import type { Parameter, Place } from './document/parameters.ts'
import type { PatternTime } from './document/patterns.ts'
import { patternTime } from './document/patterns.ts'
import type { Check, Fault, Validator } from './document/validator.ts'
import { judgedForm } from './forwarding/multipart.ts'
import { twoReadings } from './forwarding/two-readings.ts'
import { boundedBody, wholeBody } from './forwarding/uploads.ts'
import { assertOneRule } from './one-rule.ts'
import { inTurns } from './turns.ts'

/** bytes of JSON and forms: the library's own limit of a body */
const WHOLE_LIMIT = 65_536

/** A judged request: the upstream's target, and the body in its one spelling. */
export interface JudgedCall {
  readonly target: string
  readonly contentType: string | undefined
  readonly contentLength: string | undefined
  readonly body: Buffer | Readable | null
  /** The header parameters that were judged, lower case. */
  readonly headers: ReadonlySet<string>
}

/** Sends a judged request on. */
export type Send = (request: FastifyRequest, reply: FastifyReply, call: JudgedCall, isPublic: boolean) => void

/** The name of an operation in the settings. */
export const nameOf = ({ method, template }: Operation): string => `${method} ${template.text}`

/** Registers the operations: each closed unless the settings open it, each judged by its schemas before it is sent on. */
export const operationRoutes =
  (options: {
    readonly operations: readonly Operation[]
    readonly access: Access
    readonly validator: Validator
    readonly uploadLimit: number
    readonly send: Send
  }) =>
  async (app: FastifyInstance): Promise<void> => {
    assertOneRule(options.operations, options.access)
    takeBodiesUnread(app, options.operations)
    const turn = inTurns()
    for (const operation of options.operations) {
      await turn()
      const name = nameOf(operation)
      const rule = options.access.rules.get(name) ?? authenticated
      const limit = options.access.limits.get(name)
      const types = mediaTypes(operation.body)
      const judge = compiledFor(name, () => judgeCall(operation, options.validator, options.uploadLimit))
      const isPublic = rule.kind === 'public'
      app.route({
        method: operation.method,
        url: operation.template.url,
        schema: bodySchemas(operation),
        // A document's values are text with styles, and its bodies have several types: judgeCall checks all of them, at one place.
        validatorCompiler: () => () => true,
        config: { access: rule, contentTypes: types, ...(limit === undefined ? {} : { limit }) },
        bodyLimit: isUpload(operation.body) ? options.uploadLimit : WHOLE_LIMIT,
        onRequest: (request, _reply, done) => {
          done(isTaken(request, types) ? undefined : new Problem('media-type-refused', { detail: TAKEN }))
        },
        handler: (request, reply) => {
          const send = (call: JudgedCall): void => options.send(request, reply, call, isPublic)
          const judged = judge(request)
          if (judged instanceof Promise) judged.then(send).catch((error: unknown) => reply.send(error))
          else send(judged)
        },
      })
    }
  }

/** @throws Error that names the operation whose schema is none: `type: 5` */
const compiledFor = <Judge>(name: string, compile: () => Judge): Judge => {
  try {
    return compile()
  } catch (error) {
    throw new Error(`The OpenAPI document can't be used: ${name}: ${(error as Error).message}.`)
  }
}

const TAKEN = 'This route does not take a body of this media type, or takes none with a content coding.'

/** POST, PUT and PATCH need a schema of their body: none is taken where the document has none. */
const bodySchemas = (operation: Operation): object => {
  const schemas = inputSchemas(operation)
  return schemas.body === undefined && operation.method !== 'GET' ? { ...schemas, body: { not: {} } } : schemas
}

const isUpload = (body: BodyTypes | undefined): boolean =>
  body !== undefined && (body.multipart !== undefined || body.streamed.length > 0)

const mediaTypes = (body: BodyTypes | undefined): readonly string[] =>
  body === undefined
    ? []
    : [
        ...body.json.keys(),
        ...(body.form === undefined ? [] : [FORM]),
        ...(body.multipart === undefined ? [] : [MULTIPART]),
        ...body.streamed,
      ]

const essenceOf = (request: FastifyRequest): string | undefined =>
  request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()

/** The door lets JSON through wherever a body is taken; here it must be in the document. */
const isTaken = (request: FastifyRequest, types: readonly string[]): boolean => {
  const essence = essenceOf(request)
  return essence === undefined || types.length === 0 || types.includes(essence)
}

/** Fastify would read each body whole before the handler; what is to be read whole is read there, within its own limit. */
const takeBodiesUnread = (app: FastifyInstance, operations: readonly Operation[]): void => {
  app.removeAllContentTypeParsers()
  const types = new Set(['application/json', ...operations.flatMap(({ body }) => mediaTypes(body))])
  app.addContentTypeParser([...types], (_request, _payload, done) => done(null, undefined))
}

const judgeCall = (
  operation: Operation,
  validator: Validator,
  uploadLimit: number,
): ((request: FastifyRequest) => JudgedCall | Promise<JudgedCall>) => {
  const target = targetCheck(operation, validator)
  const { body, parameters } = operation
  const judgedAt = (place: Place): readonly Parameter[] => parameters.filter((one) => one.place === place)
  const headers = new Set(judgedAt('header').map(({ name }) => name.toLowerCase()))
  // Of two lines some servers make one with a comma, where a value goes on. Whoever splits them joins them again: RFC 9113 §8.2.3.
  const headerNames = [...headers, ...(judgedAt('cookie').length > 0 ? ['cookie'] : [])]
  const isAmbiguous = headerNames.length === 0 ? () => false : twoReadings(headerNames)
  const whole = new Map([...(body?.json ?? [])].map(([type, schema]) => [type, jsonBytes(validator.compile(schema))]))
  if (body?.form !== undefined) whole.set(FORM, formBytes(body.form, validator))
  const parts = body?.multipart === undefined ? undefined : multipartJudge(body.multipart, validator)
  const judgesOthers = whole.size > 0 || parts !== undefined

  return (request) => {
    if (isAmbiguous(request.raw)) throw new Problem('malformed-request')
    const url = request.raw.url ?? ''
    const at = url.indexOf('?')
    const time = patternTime()
    const sendings = {
      params: request.params as Record<string, string>,
      query: at === -1 ? '' : url.slice(at + 1),
      headers: request.raw.headers,
    }
    const judged = target(sendings, time)
    const without: JudgedCall = {
      target: judged,
      contentType: undefined,
      contentLength: undefined,
      body: null,
      headers,
    }
    if (!hasBody(request)) {
      if (body?.required === true) throw refusal([{ in: 'body', field: '', problem: 'is missing' }])
      return without
    }
    const essence = essenceOf(request) ?? ''
    const read = whole.get(essence)
    if (read !== undefined)
      return wholeBody(request.raw, WHOLE_LIMIT).then((bytes) => ({
        ...without,
        contentType: essence,
        body: read(bytes, time),
      }))
    if (parts !== undefined && essence === MULTIPART)
      return judgedForm(request.raw, parts(time), uploadLimit).then((judgedParts) => ({ ...without, ...judgedParts }))
    const contentType = request.headers['content-type'] ?? ''
    // It goes on as it stands, where of the others only the essence does.
    if (!isOneType(contentType) || (judgesOthers && hintsAtJudged(contentType)))
      throw new Problem('media-type-refused', { detail: TAKEN })
    return {
      ...without,
      contentType,
      contentLength: request.headers['content-length'],
      body: boundedBody(request.raw, uploadLimit),
    }
  }
}

const hasBody = ({ raw: { headers } }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'

/** Judges a body that was read whole, and gives what goes on of it. */
type WholeJudge = (bytes: Buffer, time: PatternTime) => Buffer

/** The bytes themselves go on: parsed and written anew, 1e400 or 9007199254740993 would be another number. */
const jsonBytes =
  (check: Check): WholeJudge =>
  (bytes, time) => {
    const parsed = parseJson(bytes)
    if (!parsed.ok) throw new Problem('malformed-body')
    throwFaults(judgedIn('body', time, () => faultsOfJson(bytes, parsed.value, check)))
    return bytes
  }

const formBytes = (form: FormSchema, validator: Validator): WholeJudge => {
  const readers = fieldReaders(form, validator)
  const check = formCheck(form, validator, readers)
  const filled = filledIn(readers)
  return (bytes, time) => {
    // curl -d 'name=José' escapes nothing, and every server reads its bytes as UTF-8.
    const sent = isUtf8(bytes) ? parsePairs(bytes.toString()) : undefined
    if (sent === undefined) throw new Problem('malformed-body', { detail: 'The form is not UTF-8, percent-encoded.' })
    if (sent.some(([name]) => leadsToPrototype(name))) throw new Problem('malformed-body', { detail: PROTOTYPE })
    const pairs = filled(sent)
    throwFaults(judgedIn('body', time, () => check(pairs)))
    return Buffer.from(writePairs(pairs))
  }
}

const PROTOTYPE = 'The form has a name that leads to a prototype: __proto__, constructor or prototype.'

const throwFaults = (faults: readonly Fault[]): void => {
  if (faults.length > 0) throw refusal(faults.map((fault) => ({ in: 'body' as const, ...fault })))
}
