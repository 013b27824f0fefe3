import type { Engine } from '../engine.ts'

/** The SQLSTATE of an error that the server sent (postgresql.org, appendix A), undefined for any other. `EPIPE` has five letters too. */
export const sqlState = (error: unknown): string | undefined =>
  error instanceof Error && 'severity' in error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined

/** unique_violation */
export const isTaken: Engine['isTaken'] = (error) => sqlState(error) === '23505'

/** too_many_connections */
export const isFull = (error: unknown): boolean => sqlState(error) === '53300'

/** serialization_failure or deadlock_detected: the same transaction may well go through when it is tried again. */
export const isCollision = (error: unknown): boolean => ['40001', '40P01'].includes(sqlState(error) ?? '')

/**
 * The server's last word on a connection: it closes it. So is an error without the SQLSTATE that each of PostgreSQL's has (postgresql.org,
 * §55.8): whoever speaks there is not it, or has lost count of what it was asked.
 */
export const isFatal = (error: unknown): boolean =>
  error instanceof Error &&
  'severity' in error &&
  (error.severity === 'FATAL' || error.severity === 'PANIC' || sqlState(error) === undefined)

/** Connection lost, no resources, an operator or a timeout stepped in, the disk; and single states of the same meaning. */
const BROKEN = /^(?:08|53|57|58)|^(?:40001|40P01|55P03|25P03|25P04|25006)$/

/** Is it the server's state that failed a query, and not the query? */
export const isServersFault = (error: unknown): boolean => BROKEN.test(sqlState(error) ?? '')

/** The same error with a `statusCode` of 503, which an adapter answers with Retry-After: the caller did nothing wrong, and may come back. */
export const unavailable = (error: unknown): Error =>
  Object.assign(error instanceof Error ? error : new Error(String(error)), { statusCode: 503 })

/** Was it marked so? */
export const isUnavailable = (error: unknown): boolean =>
  error instanceof Error && 'statusCode' in error && error.statusCode === 503

/** The error of a COMMIT that was not answered: it may have been done. */
export const uncertain = (error: unknown): Error => Object.assign(unavailable(error), { committed: 'unknown' as const })

/** Was it marked so? */
export const isUncertain = (error: unknown): boolean =>
  error instanceof Error && 'committed' in error && error.committed === 'unknown'

/** By SQLSTATE or Node's code: what is wrong and what to do, after the place. */
const sentences: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'cannot be reached, nothing listens there: start PostgreSQL, or name another address',
  ECONNRESET: 'closed the connection: look at its log',
  ENOTFOUND: 'cannot be reached, there is no such host: name another address',
  EAI_AGAIN: 'cannot be reached, its host’s name could not be looked up: try again, or name another address',
  EHOSTUNREACH: 'cannot be reached, there is no way to its host: look at the network, or name another address',
  ENETUNREACH: 'cannot be reached, there is no way to its host: look at the network, or name another address',
  ENOENT: 'cannot be reached, that socket does not exist: start PostgreSQL, or name another address',
  EACCES: 'cannot be reached, this user may not use that socket: name another address',
  '25006': 'takes no writes, it is a replica or set to read only: name the server that takes them',
  '28000': 'refused the user: look at pg_hba.conf, or name another user',
  '28P01': 'refused the user or the password: name the right ones',
  '3F000':
    'has no schema for the tables: create the one that the search_path of this user names, or take that setting away',
  '3D000': 'does not exist: create it, or name another',
  '42501': 'may not be changed by this user: make the user the owner of the database',
  '53300': 'has no connection left: raise max_connections, or end programs that hold some',
  '57P03': 'is starting or stopping: try again in a moment',
  SELF_SIGNED_CERT_IN_CHAIN: 'shows a certificate of an authority that is not known here: name it by sslrootcert=FILE',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'shows a certificate of its own making: name it by sslrootcert=FILE',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'shows a certificate of an authority that is not known here: name it by sslrootcert=FILE',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'shows a certificate of an authority that is not known here: name it by sslrootcert=FILE',
  CERT_HAS_EXPIRED: 'shows a certificate that has expired: renew it',
  ERR_TLS_CERT_ALTNAME_INVALID: 'shows the certificate of another host: name the host that stands in it',
}

/**
 * An error with one sentence that names the server and the database, says what is wrong and what to do. Errors that are not of the
 * connection are given back unchanged.
 */
export const aboutPlace = (place: string, error: unknown): unknown => {
  const { code = '', syscall } = Object(error) as NodeJS.ErrnoException
  const sentence =
    syscall === 'open'
      ? unreadable(code)
      : (sentences[code] ?? (isUnavailable(error) ? unanswered(error as Error) : undefined))
  return sentence === undefined ? error : new Error(`The database ${place} ${sentence}.`, { cause: error })
}

/** A file of the url, which pg reads before it connects. A socket has the same codes, and is connected to. */
const unreadable = (code: string): string =>
  `is not asked, a file of its url can't be read (${code}): look at sslrootcert, sslcert and sslkey`

/** What pg itself says of a connection holds no part of the url. */
const unanswered = ({ message }: Error): string =>
  `does not let us in (${message}): look whether PostgreSQL runs there, and whether it wants a password or TLS`
