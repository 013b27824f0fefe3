import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { SettingsError, securityEvents } from 'portcullis'
import type { AccessEntry } from 'portcullis/access'
import { drain, everyServer, logEvent } from 'portcullis/fastify'
import type { Access } from './access.ts'
import { CLOSED, readAccess, strangeRoles, strayNames } from './access.ts'
import { buildApp } from './app.ts'
import { beyondBasePath } from './document/base-path.ts'
import type { CompiledDocument, Unbounded } from './document/compiled.ts'
import { compileDocument, unboundedInputs } from './document/compiled.ts'
import type { Following } from './document/follow.ts'
import { followDocument } from './document/follow.ts'
import { OutOfReach, shownPlace } from './document/out-of-reach.ts'
import { ownCredentials } from './document/own-credentials.ts'
import type { Part } from './document/pointers.ts'
import type { ReadDocument } from './document/source.ts'
import { readDocument } from './document/source.ts'
import { keepLittleUnread } from './forwarding/unread.ts'
import { ownPaths } from './health.ts'
import { nameOf } from './routes.ts'
import type { Settings } from './settings.ts'
import { openShared } from './shared.ts'
import { inTurns } from './turns.ts'
import { isWebSocket, routeUpgrade } from './websockets.ts'

/** A gateway, ready to listen. */
export interface Gateway {
  /** The application of the first document: its server is the gateway's for good. */
  readonly app: FastifyInstance
  readonly access: Access
  /** The document that is served now. */
  document(): CompiledDocument
  /** Who may call what, now; paths as the document writes them. */
  table(): readonly AccessEntry[]
  /** Documents that were taken, and that were not, since the start. */
  counts(): { readonly taken: number; readonly kept: number }
  /** Looks at the document now. */
  refresh(): Promise<void>
  listen(): Promise<string>
  /** Ends in order, in under ten seconds. */
  close(deadlineMs?: number): Promise<void>
}

/** Where the document is when nothing else is said. */
const placeOf = ({ OPENAPI, UPSTREAM }: Settings): string =>
  OPENAPI ?? `${UPSTREAM.origin}${UPSTREAM.pathname.replace(/\/+$/, '')}/openapi.json`

/**
 * Compiles a document for these settings.
 *
 * @throws SettingsError when the settings name what it has not, or it has what the gateway answers itself
 */
const compileFor = async (document: Part, access: Access, settings: Settings): Promise<CompiledDocument> => {
  const own = ownPaths(settings)
  const compiled = compileDocument(document, access.webSockets)
  const names = compiled.served.map(nameOf)
  const served = compiled.served.filter((one) => !access.hidden.has(nameOf(one)))
  const paths = access.webSockets.map((path) => `GET ${path}`)
  const gets = [...served.map(nameOf), ...paths]
  const isOwn = (text: string): boolean => own.some((path) => text === path || text.startsWith(`${path}/`))
  const faults = [
    ...strayNames(access, [...names, ...paths], compiled.refused),
    ...(settings.ISSUER === undefined ? strangeRoles(access) : []),
    ...served
      .filter(({ template: { text } }) => isOwn(text))
      .map((one) => `${nameOf(one)} is in the document, and the gateway answers there itself: hide it, or move it`),
    ...paths.filter((path) => names.includes(path)).map((path) => `websockets: ${path} is an operation as well`),
    ...(access.docs && gets.includes('GET /openapi.json')
      ? ['docs: true serves the document at /openapi.json, where the backend answers already: take one of them out']
      : []),
    ...access.webSockets
      .filter(isOwn)
      .map((path) => `websockets: "${path}" is a path that the gateway answers itself: take it out`),
  ]
  if (faults.length > 0) throw new SettingsError(faults)
  const shadowed = [
    ...(gets.length === 0 ? [NOTHING] : []),
    ...compiled.shadowed,
    ...beyondBasePath(document, settings.UPSTREAM),
    ...(settings.PASS_AUTHORIZATION === 'yes' ? [] : ownCredentials(document, served)),
  ]
  const unbounded: Unbounded[] = []
  const turn = inTurns()
  for (const operation of served) {
    await turn()
    unbounded.push(...unboundedInputs(operation))
  }
  return { ...compiled, served, shadowed, unbounded }
}

/** As a generator writes it that was shown the wrong folder. */
const NOTHING = 'the document has no operation that is served, and nothing reaches the backend'

const accessOf = (settings: Settings): Access => {
  const access = settings.SETTINGS === undefined ? CLOSED : readAccess(settings.SETTINGS)
  if (access.docs && !settings.development) throw new SettingsError(['docs: true is for development only'])
  return access
}

const firstDocument = async (settings: Settings): Promise<ReadDocument> => {
  const place = placeOf(settings)
  try {
    return (await readDocument(place)) as ReadDocument
  } catch (error) {
    const option = settings.OPENAPI === undefined ? '--upstream' : '--openapi'
    const elsewhere =
      settings.OPENAPI === undefined ? ': if the document is elsewhere, or a file, name it by --openapi' : ''
    const why = error instanceof OutOfReach ? error.sentence(option) : `${(error as Error).message}${elsewhere}`
    throw new Error(`The OpenAPI document can't be used (${shownPlace(place)}): ${why}.`)
  }
}

/** Who may call what, and what is served, of a gateway that is not opened: nothing is asked but the document. */
export const describeGateway = async (
  settings: Settings,
): Promise<{ readonly table: readonly AccessEntry[]; readonly document: CompiledDocument }> => {
  const access = accessOf(settings)
  const { document } = await firstDocument(settings)
  const compiled = await compileFor(document, access, settings)
  const shared = await openShared(settings, securityEvents(), { askIssuer: false })
  try {
    const app = await buildApp(shared, compiled, access)
    return { table: tableOf(app, compiled), document: compiled }
  } finally {
    await shared.close()
  }
}

/**
 * Reads document and settings, and builds the gateway. It does not listen yet.
 *
 * @throws SettingsError, or an Error with a sentence, when it can't be served safely
 */
export const openGateway = async (settings: Settings): Promise<Gateway> => {
  const access = accessOf(settings)
  const first = await firstDocument(settings)
  let app: FastifyInstance | undefined
  const events = securityEvents((event, facts) => {
    if (app !== undefined) logEvent(app.log, event, facts)
  })
  let compiled = await compileFor(first.document, access, settings)
  const shared = await openShared(settings, events)
  try {
    app = await buildApp(shared, compiled, access)
  } catch (error) {
    await shared.close()
    throw error
  }
  const host = app
  let current = host
  const { documents } = shared
  everyServer(host, (server) => {
    // Uploads take longer than JSON; what is read whole has its own ten seconds.
    server.requestTimeout = settings.UPLOAD_SECONDS * 1_000
    server.removeAllListeners('request').on('request', (request, response) => {
      keepLittleUnread(request)
      // Behind a connection's last answer: see endGently.
      if (!request.socket.writableEnded) current.routing(request, response)
    })
  })
  const webSockets = new Set<Duplex>()
  if (access.webSockets.length > 0) takeUpgrades(host, access, () => current, webSockets)

  const following: Following = followDocument({
    place: placeOf(settings),
    first,
    everyMs: settings.OPENAPI_SECONDS * 1_000,
    use: async ({ document }) => {
      const next = await compileFor(document, access, settings)
      const built = await buildApp(shared, next, access)
      // Between two requests: this is the whole difference between the old document and the new one.
      current = built
      compiled = next
      documents.taken += 1
      host.log.info({ routes: next.served.length }, 'a new document is served')
    },
    kept: (reason) => {
      documents.kept += 1
      host.log.error({ reason }, 'the document can not be used: the one of before is served')
    },
  })

  return {
    app: host,
    access,
    document: () => compiled,
    table: () => tableOf(current, compiled),
    counts: () => ({ ...documents }),
    refresh: following.look,
    listen: () => host.listen({ host: settings.HOST, port: settings.PORT }),
    close: async (deadlineMs) => {
      following.stop()
      // They have no end of their own to wait for, and would keep the server.
      for (const socket of webSockets) socket.destroy()
      await drain(host, deadlineMs)
      await shared.close()
    },
  }
}

const takeUpgrades = (
  app: FastifyInstance,
  access: Access,
  current: () => FastifyInstance,
  webSockets: Set<Duplex>,
): void => {
  const shouldUpgradeCallback = (raw: IncomingMessage): boolean => isWebSocket(access, raw)
  everyServer(app, (server) => Object.assign(server, { shouldUpgradeCallback }))
  // Fastify sends those of its other servers here.
  app.server.on('upgrade', (raw, socket, head) => {
    webSockets.add(socket)
    socket.once('close', () => webSockets.delete(socket))
    routeUpgrade(raw, socket, head, current().routing)
  })
}

const tableOf = (app: FastifyInstance, compiled: CompiledDocument): readonly AccessEntry[] => {
  const templates = new Map(compiled.served.map(({ template }) => [template.url, template.text]))
  return app.portcullis.accessTable().map((entry) => ({ ...entry, path: templates.get(entry.path) ?? entry.path }))
}
