import type { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

/** Base64 of RFC 4648 §4 with its padding. That of ajv-formats takes a line of it anywhere in a text: `<script>` and a line break pass. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** RFC 3339 §5.6, where one blank may stand for the T. ajv-formats takes a line break for it, and any offset that ISO 8601 has. */
const DATE_TIME = /^[\d-]{10}[Tt ][\d:.]+(?:[Zz]|[+-]\d\d:\d\d)$/
/** The same where no offset needs to be. */
const ISO_DATE_TIME = /^[\d-]{10}[Tt ][\d:.]+(?:[Zz]|[+-][\d:]+)?$/
/** By JSON Schema `time` has an offset. Who writes the word means a time of day: `time` of Python, `TimeOnly` of .NET, which takes none with one. */
const TIME = /^[\d:.]+(?:[Zz]|[+-]\d\d:\d\d)?$/

/** RFC 3339, appendix A, with the sign and the parts of a second of ISO 8601: `timedelta` of Python and `Duration` of Java write both. */
const DURATION = /^-?P(?=\d|T\d)(?:(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?|\d+W)$/

/** Of a `uri` that is a `url`, too: what ajv-formats takes for one is of the public web, neither localhost nor a private address nor a name in xn--. */
const WEB = /^(?:https?|ftp):\/\//i

/** That of ajv-formats takes every whole number. The largest of int64 is the double 2^63, as which integers.ts reads what is beyond it a step further on. */
const isInt64 = (value: number): boolean => Number.isInteger(value) && value >= -(2 ** 63) && value <= 2 ** 63

/** The formats of JSON Schema and OpenAPI, each of which judges the whole of a text. */
export const addStrictFormats = (ajv: Ajv2020): void => {
  // ajv-formats is CommonJS, whose default export stands under its own name.
  const add = (addFormats as unknown as { default?: typeof addFormats }).default ?? addFormats
  ;(add as unknown as (ajv: Ajv2020) => void)(ajv)
  ajv.addFormat('byte', BASE64)
  ajv.addFormat('duration', DURATION)
  const { url, uri } = ajv.formats as unknown as { readonly url: RegExp; readonly uri: (text: string) => boolean }
  ajv.addFormat('url', (text: string) => url.test(text) || (WEB.test(text) && uri(text) && URL.canParse(text)))
  ajv.addFormat('int64', { type: 'number', validate: isInt64 })
  for (const [name, shape, known] of [
    ['date-time', DATE_TIME, 'date-time'],
    ['iso-date-time', ISO_DATE_TIME, 'iso-date-time'],
    ['time', TIME, 'iso-time'],
  ] as const) {
    // Which days there are, and leap seconds, it knows.
    const { validate } = ajv.formats[known] as { readonly validate: (text: string) => boolean }
    ajv.addFormat(name, (text: string) => shape.test(text) && validate(text))
  }
}
