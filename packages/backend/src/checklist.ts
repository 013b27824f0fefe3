/**
 * The part of the checklist that needs no probing, at each start in production: settings that would break an item of it stop the
 * start, with the item's id and its words as `portcullis-check` has them. What is not a setting holds by construction: the guard
 * covers what nobody marked, docs are for development, tokens carry an id.
 */
import { parseQuota } from 'portcullis/limits'
import { SettingsError } from 'portcullis/settings'
import { type ItemId, itemOf } from 'portcullis-check/items'

/** Which item a fault is about, by how it begins: a setting's name, or the words of a fault that has none. */
const BEGINS: Readonly<Partial<Record<ItemId, readonly string[]>>> = {
  'jwt-expiry': ['ACCESS_TOKEN_MINUTES'],
  'auth-rate-limit': ['LIMIT_CREDENTIALS', 'LIMIT_REFRESH', 'LIMIT_ACCOUNT'],
  cors: ['CORS_ORIGINS'],
  debug: ['LOG_LEVEL', 'NODE_DEBUG', 'Node was started in an unsafe way: the inspector'],
  'weak-key': ['JWT_SECRET', 'JWT_SECRET_FILE'],
  'forwarded-for': ['TRUSTED_PROXIES'],
}
const ITEMS = (Object.entries(BEGINS) as [ItemId, readonly string[]][]).flatMap(([id, begins]) =>
  begins.map((begin) => ({ id, begin })),
)

/** Above this a minute, a limit on credentials is none to the checklist. */
const MOST_TRIES_A_MINUTE = 100

/** What the settings' own bounds allow and the checklist does not. */
export const checklistFaults = (env: Readonly<Record<string, string | undefined>>): string[] =>
  Number(env['ACCESS_TOKEN_MINUTES']) === 60 ? ['ACCESS_TOKEN_MINUTES is 60; under 60 is asked for'] : []

/**
 * What the checklist would fail and a start is not refused for: a limit on credentials that is one, but so high that it is none.
 * Who measures under load needs it, so it is said and not forbidden.
 */
export const checklistWarnings = (
  settings: Readonly<Record<'LIMIT_CREDENTIALS' | 'LIMIT_ACCOUNT', string>>,
): string[] =>
  (['LIMIT_CREDENTIALS', 'LIMIT_ACCOUNT'] as const).flatMap((name) => {
    const { limit, windowMs } = parseQuota(settings[name])
    const tries = Math.round((limit * 60_000) / windowMs)
    const most = `${MOST_TRIES_A_MINUTE} is the most`
    return tries > MOST_TRIES_A_MINUTE ? [named(`${name} lets ${tries} tries a minute through; ${most}`)] : []
  })

/** Runs `read`; each fault that is about an item of the checklist says which one. */
export const withItems = <T>(read: () => T): T => {
  try {
    return read()
  } catch (error) {
    if (error instanceof SettingsError) throw new SettingsError(error.faults.map(named))
    throw error
  }
}

/** A setting that is missing, or whose file can't be read, is not set wrong: it says nothing of the checklist. */
const named = (fault: string): string => {
  const item = ITEMS.find(({ begin }) => new RegExp(`^${begin}\\b`).test(fault))
  const absent = fault.startsWith(`${item?.begin} is missing`) || fault.startsWith(`${item?.begin} can't be read`)
  return item === undefined || absent ? fault : `${fault} [${item.id}: ${itemOf(item.id).title}]`
}
