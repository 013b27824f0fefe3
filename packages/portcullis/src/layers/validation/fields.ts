import { z } from 'zod'

/** RFC 5321 §4.1.2 dot-atoms and LDH labels: the addresses people have. No quoting, no literals, no comments, ASCII only. */
const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
const EMAIL = new RegExp(`^(?=[^@]{1,64}@)${ATOM}(?:\\.${ATOM})*@(?:${LABEL}\\.)+(?![0-9]+$)${LABEL}$`)

/** Overrides and isolates: text that shows in another order than it is written (CVE-2021-42574). */
const BIDI = String.raw`\u202a-\u202e\u2066-\u2069`
/** C0 but tab, line feed and carriage return; DEL and C1. */
const CONTROL = new RegExp(String.raw`[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f${BIDI}]`)
/** Those, and whatever starts another line. */
const CONTROL_OR_BREAK = new RegExp(String.raw`[\u0000-\u001f\u007f-\u009f\u2028\u2029${BIDI}]`)

const plain = (text: string, refused: RegExp): boolean =>
  isPrintable(text) || (text.isWellFormed() && !refused.test(text))

/** Whether all of it is printable ASCII, as nearly all text is: then no pattern has to be asked. */
const isPrintable = (text: string): boolean => {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code < 0x20 || code > 0x7e) return false
  }
  return true
}

const ID = /^[A-Za-z0-9_-]{1,64}$/

/** What `field.id` takes, asked without zod. */
export const isFieldId = (text: string): boolean => ID.test(text)

/** An id: `^[A-Za-z0-9_-]{1,64}$`. */
const id: z.ZodString = z.string().max(64).regex(ID, 'must be 1 to 64 letters, digits, _ or -')

/**
 * Between `//` and the path stand a host and a port, and no more: of `https://a.example\@b.example` the URL standard reads one host and RFC 3986
 * (Python, curl) the other, and `https:a.example` has one for the former alone.
 */
const AUTHORITY = /^https?:\/\/[^/?#\\@]+(?:[/?#]|$)/i

const isUrl = (text: string): boolean => AUTHORITY.test(text) && URL.canParse(text)

const isBetween = (value: number, min: number, max: number): boolean => value >= min && value <= max

/** A bound that is none would be found by the first value, with a 500: nothing but types asks for it. @throws TypeError */
const most = (max: number, min: number, takes: string): number => {
  if (!Number.isFinite(min) || !Number.isFinite(max) || min > max) throw new TypeError(takes)
  return max
}

const decimal = (min: number, max: number, missing: number) =>
  z
    .string()
    .max(6)
    .regex(/^(?:0|[1-9]\d{0,5})$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => isBetween(value, min, max), `must be from ${min} to ${max}`)
    .default(missing)

/**
 * Field types that are ready to use, each bounded: zod schemas that pass the audit. Nothing is coerced; what a query holds is
 * text, and `pageQuery` alone turns its `limit` into a number.
 */
export const field = {
  /** An e-mail address: dot-atom, at most 64 before the @ and 254 in all, a domain with a dot. As written; compare without regard to case. */
  email: z.string().max(254).regex(EMAIL, 'must be an e-mail address'),
  /** `^[a-zA-Z0-9_-]{3,32}$` */
  username: z
    .string()
    .min(3)
    .max(32)
    .regex(/^[a-zA-Z0-9_-]{3,32}$/, 'must be 3 to 32 letters, digits, _ or -'),
  /** 10 to 256 characters (code points) and at most 1,024 bytes in UTF-8, NFC-normalised (NIST SP 800-63B-4 §3.1.1.2). What it may say is another check. */
  password: z
    .string()
    // Units of UTF-16 as typed: é may be two, and four bytes are two.
    .min(10, { abort: true })
    .max(1024, { abort: true })
    .normalize('NFC')
    .refine((text) => isBetween([...text].length, 10, 256), 'must be 10 to 256 characters')
    .refine((text) => text.isWellFormed() && Buffer.byteLength(text) <= 1024, 'must be at most 1024 bytes of text'),
  id,
  /** Lower-case words joined by `-`, at most 100 characters. */
  slug: z
    .string()
    .max(100)
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be lower-case words joined by -'),
  /** An http or https URL without credentials, at most 2,048 characters. */
  url: z
    .string()
    .max(2048)
    .refine((text) => plain(text, CONTROL_OR_BREAK) && !/\s/.test(text) && isUrl(text), 'must be an http or https URL'),
  /**
   * Plain text of several lines, at most `max` characters (code points); may be empty. No control characters but tabs and line ends.
   *
   * @throws TypeError for a `max` that is no number, or less than 0
   */
  text: (max: number): z.ZodString =>
    z
      .string()
      .max(most(max, 0, 'field.text takes the most characters, as in field.text(500)'))
      .refine((text) => plain(text, CONTROL), 'must be plain text'),
  /**
   * One line of plain text, 1 to `max` characters (code points), not blank.
   *
   * @throws TypeError for a `max` that is no number, or less than 1
   */
  line: (max: number): z.ZodString =>
    z
      .string()
      .min(1)
      .max(most(max, 1, 'field.line takes the most characters, 1 or more, as in field.line(100)'))
      .refine((text) => plain(text, CONTROL_OR_BREAK) && text.trim() !== '', 'must be a line of plain text'),
  /** An amount as decimal text, at most 12 digits and 2 decimals: `'12.34'`. Never a float. */
  money: z
    .string()
    .max(15)
    .regex(/^(?:0|[1-9]\d{0,11})(?:\.\d{1,2})?$/, "must be an amount such as '12.34'"),
  /**
   * A whole number from `min` to `max`.
   *
   * @throws TypeError when one of them is no number, or `min` is more than `max`
   */
  integer: (min: number, max: number): z.ZodNumber =>
    z
      .int()
      .min(min)
      .max(most(max, min, 'field.integer takes the least and the most, as in field.integer(1, 100)')),
  /** The query of a list: `limit` 1 to 100 (20 by default), `after` the cursor of the page before. */
  pageQuery: z.strictObject({ limit: decimal(1, 100, 20), after: id.optional() }),
}
