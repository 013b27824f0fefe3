import type { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem, replyFields } from 'portcullis/fastify'
import type { Dispatcher } from 'undici'
import { forCallerAlone } from './caches.ts'
import { answerAnew, codeOf, GONE, LATE, problemOf, whyNone } from './failures.ts'
import type { FlatFields } from './fields.ts'
import { answerFields } from './fields.ts'
import type { Passage } from './passage.ts'
import { cutShort, passageTo } from './passage.ts'
import type { Place } from './places.ts'
import type { AnswerFields, Refusal } from './refusals.ts'
import { keepRefusal, refuse, startRefusal } from './refusals.ts'
import type { Held } from './slow-clients.ts'
import { endGently } from './unread.ts'
import type { Upstream } from './upstream.ts'

/** A request as the upstream gets it: judged, in one spelling. */
export interface Outgoing {
  readonly target: string
  readonly fields: FlatFields
  readonly body: Buffer | Readable | null
  /** Whether anybody may have the answer. */
  readonly isPublic?: boolean
}

/**
 * Sends a request on and its answer back, as it comes: nothing of a body is held beyond what the sockets buffer. Before the answer has
 * begun a failure is 502 or 504; afterwards the client's connection is cut, so that half an answer never looks like a whole one.
 */
export const forward = (request: FastifyRequest, reply: FastifyReply, upstream: Upstream, outgoing: Outgoing): void => {
  const { raw: response } = reply
  const { socket } = request.raw
  // Gone while the door asked its store: 'close' has been, and nothing would end what is begun now.
  if (socket.destroyed) {
    if (!isWhole(outgoing.body)) outgoing.body.destroy()
    return
  }
  const fieldsOf: AnswerFields = (said, door) => {
    const fields = answerFields(said, door, upstream)
    return outgoing.isPublic === true ? fields : forCallerAlone(fields)
  }
  let place: Place | undefined
  let asked = false
  let exchange: Dispatcher.DispatchController | undefined
  let over = false
  let refusal: Refusal | undefined
  let passage: Passage | undefined
  let deadline: NodeJS.Timeout | undefined
  let reading: Held | undefined
  let sending: Held | undefined

  const end = (): boolean => {
    if (over) return false
    over = true
    clearTimeout(deadline)
    socket.off('close', onGone)
    upstream.clients.leave()
    reading?.release()
    sending?.release()
    if (asked) return true
    // What undici has, it has until it says so: it may still be connecting.
    place?.leave()
    if (!isWhole(outgoing.body)) outgoing.body.destroy()
    return true
  }
  const fail = (error: Error): void => {
    if (!end()) return
    // A Problem is the caller's: an upload that is too large, a form that is not what the document says.
    if (!(error instanceof Problem))
      request.log.warn({ code: codeOf(error), route: request.routeOptions.url ?? null }, 'the upstream failed')
    if (response.headersSent) cutShort(response)
    else reply.send(problemOf(error))
  }
  // Here the deadline is off already, and undici swallows what is thrown at it: it must be answered, or the client waits for ever.
  const settle = (): void => {
    if (!end()) return
    const given: Record<string, string | number | string[] | undefined> =
      refusal === undefined ? {} : reply.getHeaders()
    try {
      if (refusal === undefined) passage?.end()
      else refuse(request, reply, refusal, fieldsOf)
    } catch (error) {
      request.log.error({ code: codeOf(error as Error), route: request.routeOptions.url ?? null }, 'no answer was made')
      if (response.headersSent) cutShort(response)
      else answerAnew(reply, given)
    }
  }
  const onGone = (): void => {
    if (end()) exchange?.abort(GONE)
  }
  const wait = (): void => {
    // An upload may end after its answer has begun: then nothing is waited for.
    if (over || deadline !== undefined || passage !== undefined) return
    deadline = setTimeout(() => {
      if (refusal === undefined) fail(LATE)
      else settle()
      exchange?.abort(LATE)
    }, upstream.answerMs)
  }
  // From here and not from when it is sent: a request that waits for a connection waits too, and would be sent for a session that has ended.
  wait()
  // Not the response's: one that waits behind another of its connection hears nothing once Node has let go of that (CONNECT, Upgrade).
  socket.setMaxListeners(0).on('close', onGone)
  upstream.clients.arrive()

  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(controller) {
      if (over) return controller.abort(GONE)
      exchange = controller
      const { body } = outgoing
      if (isWhole(body)) return
      // An upload is waited for until it has passed; how long that may take is the server's own bound.
      clearTimeout(deadline)
      deadline = undefined
      sending = upstream.clients.upload(
        request.client.key,
        () => body.destroy(new Problem('request-timeout', {}, { connection: 'close' })),
        () => !body.isPaused(),
      )
    },
    onBodySent: (chunk) => sending?.progress(chunk.length),
    onRequestSent() {
      sending?.release()
      wait()
    },
    onResponseStart(controller, status, headers) {
      if (over || (status >= 100 && status < 200)) return
      const none = whyNone(status, headers)
      if (none !== undefined) {
        fail(none)
        controller.abort(none)
        return
      }
      if (status >= 400) {
        refusal = startRefusal(status, headers)
        // It goes out whole: one that drips would hold its client past every other time.
        wait()
      } else {
        clearTimeout(deadline)
        passage = begin(request, reply, status, fieldsOf(headers, replyFields(reply)), upstream.idleMs)
        reading = upstream.clients.answer(request.client.key, () => {
          cutShort(response)
          // Behind another answer it has no connection yet.
          socket.destroy()
        })
      }
      if (status >= 500) controller.abort(new Error('what it says is not passed on'))
    },
    onResponseData(controller, chunk) {
      if (over) return
      if (refusal !== undefined) {
        if (keepRefusal(refusal, chunk)) return
        settle()
        controller.abort(new Error('a refusal that has no end'))
      } else if (passage?.write(chunk) === false) {
        controller.pause()
        reading?.waits(true)
        response.once('drain', () => {
          reading?.waits(false)
          controller.resume()
        })
      }
    },
    onResponseEnd() {
      place?.leave()
      settle()
    },
    onResponseError(_controller, error) {
      place?.leave()
      if (refusal !== undefined && refusal.status >= 500) settle()
      else fail(error)
    },
  }
  const ask = (): void => {
    asked = true
    const { target, fields: headers, body } = outgoing
    const method = request.method as Dispatcher.HttpMethod
    upstream.pool.dispatch({ method, path: upstream.prefix + target, headers, body }, handler)
  }
  try {
    place = upstream.places.enter(request.client.key, ask)
  } catch (error) {
    fail(error as Error)
  }
}

const isWhole = (body: Outgoing['body']): body is Buffer | null => body === null || Buffer.isBuffer(body)

/** From here on the answer is the upstream's. */
const begin = (
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  fields: Record<string, string | string[]>,
  idleMs: number,
): Passage => {
  // What is left of a body that the upstream did not wait for is not read: the connection ends.
  if (!request.raw.complete) {
    fields['connection'] = 'close'
    endGently(request.raw)
  }
  // RFC 9110 §8.6: it has none, and a proxy before us would wait for that much.
  if (status === 204) delete fields['content-length']
  // A field that Node does not send throws, and is answered as a failure: so the reply is taken over afterwards.
  reply.raw.writeHead(status, fields)
  reply.hijack()
  return passageTo(reply.raw, idleMs)
}
