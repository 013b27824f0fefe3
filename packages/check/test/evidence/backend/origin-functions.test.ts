/**
 * Functions that decide on origins, each read and each run: what is said of it is what it does with a stranger, with look-alikes and
 * with the origin null.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { originsOf } from '../../../src/evidence/backend/origins/origins.ts'
import { readingOf } from '../sources.ts'

const LOOK_ALIKES = [
  'https://a.example.evil.com',
  'https://evila.example',
  'https://axexample',
  'http://a.example',
  'https://a.exampl',
]

const OUTSIDE = `
const LIST = ['https://a.example', 'https://b.example']
const OPEN = ['https://a.example', '*']
const SITE = 'https://a.example'
const TEXT = 'https://a.example,https://b.example'
const SITES = { 'https://a.example': true }
const PATTERNS = [/^https:\\/\\/a\\.example$/, /^https:\\/\\/b\\.example$/]
const LOOSE = [/a\\.example/]
const log = () => {}
const isListed = (one) => LIST.includes(one)
const isSecure = (one) => one.startsWith('https://')
function refuse(one) { if (!LIST.includes(one)) throw new Error('no') }
const ask = (one, next) => next(null, one.endsWith('example'))
const makeCheck = (list) => (origin, done) => done(null, list.includes(origin))
const answer = (origin, done) => done(null, LIST.includes(origin))
const wave = (origin, done) => done(null, true)
`

/** Whether a function of this text lets an origin in; as the package does, true is the origin that asked, and a list is compared. */
const letsIn = async (text: string, origin: string): Promise<boolean> => {
  const fn = new Function('process', `${OUTSIDE}\nreturn (${text})`)({ env: {} })
  let granted: unknown
  const said = (answer: unknown): boolean =>
    typeof answer === 'string'
      ? answer === '*' || answer === origin
      : Array.isArray(answer)
        ? answer.includes(origin)
        : Boolean(answer)
  try {
    const back = fn(origin, (error: unknown, answer: unknown) => {
      if (!error) granted = answer
    })
    granted ??= await back
  } catch {
    return false
  }
  return said(granted)
}

const read = (text: string): string => {
  const reading = readingOf({ 'src/app.ts': `${OUTSIDE}\nuse(${text})` })
  const [call] = reading.program.callsNamed('use')
  assert.ok(call?.node.args[0])
  return originsOf(reading, reading.evaluator.value(call.node.args[0], call.scope), 'any')
}

const rows = (title: string, expected: string, table: readonly string[]) =>
  describe(title, () => {
    for (const text of table)
      test(text, async () => {
        assert.equal(read(text), expected)
        const passed: string[] = []
        for (const one of ['https://evil.com', 'null', ...LOOK_ALIKES]) if (await letsIn(text, one)) passed.push(one)
        if (expected === 'listed') assert.deepEqual(passed, [])
        else if (expected === 'null') assert.deepEqual(passed, ['null'])
        else if (expected === 'loose') assert.ok(passed.length > 0 && !passed.includes('https://evil.com'), `${passed}`)
        else assert.ok(passed.includes('https://evil.com'), `${passed}`)
      })
  })

rows('everybody', 'reflected', [
  '(o, done) => done(null, true)',
  '(o, done) => done(null, o)',
  '(o, done) => done(null, [o])',
  '(o) => o',
  'async (o) => true',
  'function (o, done) { done(null, o || true) }',
  // Only says so.
  '(o, done) => { if (!LIST.includes(o)) log(o + " is not listed"); done(null, true) }',
  '(o, done) => { if (LIST.indexOf(o) === -1) { log(o) } return done(null, true) }',
  '(o, done) => { const known = LIST.includes(o); log(known); done(null, true) }',
  '(o, done) => { try { refuse(o) } catch { log(o) } done(null, true) }',
  '(o, done) => { if (LIST.includes(o)) { done(null, true) } else { log(o); done(null, true) } }',
  '(o, done) => LIST.includes(o) ? done(null, true) : done(null, o)',
  // A star in what is compared.
  '(o, done) => { if (OPEN.includes("*") || OPEN.includes(o)) done(null, true); else done(new Error("no")) }',
  '(o, done) => { if ("*".indexOf("*") !== -1 || "*".indexOf(o) !== -1) done(null, true); else done(new Error("no")) }',
  '(o, done) => done(null, OPEN.some((one) => one === "*" || one === o))',
  '(o, done) => { for (const one of OPEN) { if (one === "*" || one === o) return done(null, true) } done(null, false) }',
  '(o, done) => { const list = (process.env.ORIGINS || "*").split(","); done(null, list.includes("*") || list.includes(o)) }',
  '(o, done) => { const allowed = process.env.ORIGIN ?? "*"; if (allowed === "*") return done(null, true); done(null, o === allowed) }',
  // Turned around.
  '(o, done) => done(null, !LIST.includes(o))',
  '(o, done) => { if (LIST.includes(o)) return done(new Error("no")); done(null, true) }',
  '(o, done) => done(null, o !== "https://a.example")',
  '(o, done) => done(null, LIST.indexOf(o) >= -1)',
  // Whoever has one.
  '(o, done) => { if (!o) return done(null, false); done(null, true) }',
  '(o, done) => done(null, Boolean(o))',
  '(o, done) => done(null, !!o)',
  '(o, done) => done(null, o ? o : false)',
  '(o, done) => done(null, typeof o === "string")',
  '(o, done) => done(null, o !== "null")',
  // Whoever has TLS.
  '(o, done) => done(null, o.startsWith("https://"))',
  '(o, done) => done(null, new URL(o).protocol === "https:")',
  // Of several, one opens it.
  '(o, done) => { let ok = LIST.includes(o); if (o) ok = true; done(null, ok) }',
  '(o, done) => { let ok = false; LIST.forEach(() => { ok = true }); done(null, ok) }',
  '(o, done) => { if (process.env.NODE_ENV === "production") log(o); done(null, true) }',
  '(o, done) => { if (!process.env.ORIGINS) return done(null, true); done(null, process.env.ORIGINS.split(",").includes(o)) }',
  '(o, done) => { if (process.env.CORS !== "strict") return done(null, true); done(null, LIST.includes(o)) }',
  '(o, done) => wave(o, done)',
  '(o, done) => { const list = []; if (list.length === 0 || list.includes(o)) return done(null, true); done(null, false) }',
])

rows('every answer is a star', 'any', [
  '(o) => "*"',
  '(o, done) => done(null, "*")',
  '(o) => LIST.includes(o) ? o : "*"',
])

rows('look-alikes', 'loose', [
  '(o, done) => done(null, o.includes("a.example"))',
  '(o, done) => done(null, o.indexOf("a.example") !== -1)',
  '(o, done) => done(null, o.indexOf("https://a.example") === 0)',
  '(o, done) => done(null, ~o.indexOf("a.example"))',
  '(o, done) => done(null, o.startsWith("https://a.example"))',
  '(o, done) => done(null, o.startsWith(SITE))',
  '(o, done) => done(null, o.endsWith("a.example"))',
  '(o, done) => done(null, !!o.match(/a\\.example/))',
  '(o, done) => done(null, !!o.match("a.example"))',
  '(o, done) => done(null, o.search(/a\\.example$/) >= 0)',
  '(o, done) => done(null, /^https:\\/\\/a.example/.test(o))',
  '(o, done) => done(null, /a\\.example$/.exec(o) !== null)',
  '(o, done) => done(null, new RegExp("a.example").test(o))',
  '(o, done) => done(null, LIST.some((one) => o.startsWith(one)))',
  '(o, done) => done(null, ["a.example"].some((one) => o.endsWith(one)))',
  '(o, done) => done(null, ["a.example"].some((one) => o.includes(one)))',
  '(o, done) => done(null, ["a.example"].find((one) => o.endsWith(one)) !== undefined)',
  '(o, done) => done(null, ["a.example"].findIndex((one) => o.endsWith(one)) > -1)',
  '(o, done) => done(null, ["a.example"].filter((one) => o.endsWith(one)).length > 0)',
  '(o, done) => done(null, LOOSE.some((one) => one.test(o)))',
  '(o, done) => { for (const one of LIST) { if (o.startsWith(one)) return done(null, true) } done(null, false) }',
  '(o, done) => { let ok = false; for (const one of LIST) { if (o.startsWith(one)) { ok = true; break } } done(null, ok) }',
  '(o, done) => { let ok = false; LIST.forEach((one) => { if (o.startsWith(one)) { ok = true; return } }); done(null, ok) }',
  '(o, done) => { let ok = false; LIST.forEach((one) => { ok = ok || o.startsWith(one) }); done(null, ok) }',
  // A text that has the origin as a part.
  '(o, done) => done(null, TEXT.includes(o))',
  '(o, done) => done(null, TEXT.indexOf(o) !== -1)',
  '(o, done) => done(null, "https://a.example".includes(o))',
  // The host, whatever the scheme.
  '(o, done) => done(null, new URL(o).hostname === "a.example")',
  '(o, done) => done(null, ["a.example", "b.example"].includes(new URL(o).host))',
  '(o, done) => { const { hostname } = new URL(o); done(null, hostname === "a.example") }',
  '(o, done) => { const host = o.replace(/^https?:\\/\\//, ""); done(null, host === "a.example") }',
  '(o, done) => { let host = ""; try { host = new URL(o).host } catch { return done(null, false) } done(null, host === "a.example") }',
  '(o, done) => done(null, new URL(o).hostname.endsWith("a.example"))',
  '(o, done) => done(null, o === SITE || o.endsWith("a.example"))',
  '(o, done) => { if (LIST.includes(o)) return done(null, true); if (/a\\.example/.test(o)) return done(null, true); done(new Error("no")) }',
  '(o, done) => { if (!o.endsWith("a.example")) return done(new Error("no")); done(null, true) }',
  '(o, done) => { const { hostname, port } = (function (one) { const url = new URL(one); return { hostname: url.hostname, port: url.port } })(o); done(null, hostname === "a.example" && port === "") }',
])

rows('the origin null', 'null', [
  '(o, done) => done(null, LIST.includes(o) || o === "null")',
  '(o, done) => done(null, ["https://a.example", "null"].includes(o))',
  '(o, done) => { if (!o || o === "null") return done(null, true); done(null, LIST.includes(o)) }',
])

rows('those that are listed', 'listed', [
  '(o, done) => done(null, LIST.includes(o))',
  '(o, done) => done(null, LIST)',
  '(o, done) => done(null, SITE)',
  '(o, done) => done(null, false)',
  '(o, done) => done(null, o === SITE)',
  '(o, done) => done(null, o === "https://a.example" || o === "https://b.example")',
  '(o, done) => { if (!o || LIST.indexOf(o) !== -1) done(null, true); else done(new Error("Not allowed by CORS")) }',
  '(o, done) => { if (!o) return done(null, true); if (LIST.indexOf(o) === -1) return done(new Error("no"), false); return done(null, true) }',
  '(o, done) => { if (!o) { done(null, true); return } if (LIST.includes(o)) { done(null, true); return } done(null, false) }',
  '(o, done) => LIST.includes(o) ? done(null, true) : done(new Error("no"))',
  '(o, done) => done(LIST.includes(o) ? null : new Error("no"), true)',
  '(o, done) => { const ok = LIST.includes(o); done(ok ? null : new Error("no"), ok) }',
  '(o, done) => { const ok = !o || LIST.includes(o); return ok ? done(null, true) : done(new Error("no")) }',
  '(o, done) => done(null, LIST.some((one) => one === o))',
  '(o, done) => done(null, !!LIST.find((one) => one === o))',
  '(o, done) => done(null, LIST.filter((one) => one === o).length > 0)',
  '(o, done) => done(null, LIST.findIndex((one) => one === o) !== -1)',
  '(o, done) => done(null, new Set(LIST).has(o))',
  '(o, done) => done(null, SITES[o] === true)',
  '(o, done) => done(null, o in SITES)',
  '(o, done) => done(null, Object.keys(SITES).includes(o))',
  '(o, done) => done(null, Object.hasOwn(SITES, o))',
  '(o, done) => done(null, PATTERNS.some((one) => one.test(o)))',
  '(o, done) => done(null, [...LIST, ...PATTERNS].some((one) => one instanceof RegExp ? one.test(o) : one === o))',
  '(o, done) => done(null, /^https:\\/\\/(?:a|b)\\.example$/.test(o))',
  '(o, done) => done(null, isListed(o))',
  '(o, done) => { const isOne = () => LIST.includes(o); if (isOne()) return done(null, true); done(null, false) }',
  '(o, done) => { if (!isListed(o)) { log(o); return done(new Error("no")) } done(null, true) }',
  '(o, done) => { refuse(o); done(null, true) }',
  '(o, done) => { try { refuse(o); done(null, true) } catch (error) { done(error) } }',
  'answer',
  '(o, done) => answer(o, done)',
  'function (o, done) { return answer(o, done) }',
  'answer.bind(null)',
  'makeCheck(LIST)',
  '(o, done) => { for (const one of LIST) { if (one === o) return done(null, true) } return done(null, false) }',
  '(o, done) => { for (const one of LIST) { if (one !== o) continue; return done(null, true) } return done(null, false) }',
  '(o, done) => { let ok = false; for (const one of LIST) if (one === o) { ok = true; break } done(null, ok) }',
  '(o, done) => { let ok = false; LIST.forEach((one) => { if (one === o) ok = true }); done(null, ok) }',
  '(o, done) => { let answer = null; if (LIST.includes(o)) answer = o; done(null, answer) }',
  '(o) => LIST.includes(o) ? o : null',
  '(o) => LIST.includes(o) ? o : LIST[0]',
  '(o) => LIST.includes(o) && o',
  '(o) => { if (!LIST.includes(o)) return ""; return o }',
  '(o) => LIST.find((one) => one === o) ?? LIST[0]',
  'async (o) => isListed(o)',
  // Both must hold.
  '(o, done) => done(null, isSecure(o) && LIST.includes(o))',
  '(o, done) => { const url = new URL(o); done(null, url.protocol === "https:" && url.hostname === "a.example") }',
  '(o, done) => { const url = new URL(o); done(null, LIST.includes(url.origin)) }',
  `(o, done) => { const url = new URL(o); done(null, LIST.includes(\`\${url.protocol}//\${url.host}\`)) }`,
  '(o, done) => done(null, LIST.includes((o || "").replace(/\\/$/, "").toLowerCase()))',
  '(o, done) => { if (o !== undefined && !LIST.includes(o)) return done(new Error("no")); done(null, true) }',
  '(o, done) => { if (typeof o === "string" && !LIST.includes(o)) return done(new Error("no")); done(null, true) }',
  // What nobody set is off, and what is for development is not here.
  '(o, done) => { if (process.env.CORS_OPEN === "true") return done(null, true); done(null, LIST.includes(o)) }',
  '(o, done) => { if (process.env.NODE_ENV === "development") return done(null, true); done(null, LIST.includes(o)) }',
  '(o, done) => { if (!o || (process.env.NODE_ENV === "development" && o.startsWith("http://localhost"))) return done(null, true); done(null, LIST.includes(o)) }',
  '(o, done) => { const list = (process.env.ORIGINS ?? "").split(",").map((one) => one.trim()).filter(Boolean); if (list.length > 0) return done(null, list.includes(o)); return done(null, false) }',
  '(o, done) => { const list = process.env.ORIGINS ? process.env.ORIGINS.split(",") : LIST; done(null, list.includes("*") || list.includes(o)) }',
])

/** Right or wrong, nobody can tell from here. */
describe('not followed', () => {
  for (const text of [
    '(o, done) => check(o, done)',
    '(o, done) => done(null, check(o))',
    'async (o, done) => done(null, await sites.allow(o))',
    '(o, done) => sites.load((error, list) => done(error, list))',
    '(o, done) => { sites.find({ where: { o } }).then((site) => done(null, Boolean(site))) }',
    '(o, done) => { if (sites.open) return done(null, true); done(null, LIST.includes(o)) }',
    '(o, done) => done(null, micromatch.isMatch(o, LIST))',
    '(o, done) => done(null, sites.pattern.test(o))',
    '(o, done) => { switch (o) { case SITE: return done(null, true); default: return done(null, false) } }',
    '(o, done) => done.call(null, null, true)',
    '(o, done) => queue.push({ answer: done })',
    '(o, done) => { const later = () => done(null, sites.open); setTimeout(later, 0) }',
    // Only what is let in without an origin is seen.
    '(o, done) => { if (!o) return done(null, true); ask(o, (error, allowed) => done(error, allowed)) }',
    '(o, done) => { if (!o) return done(null, true); check(o, (error, allowed) => done(error, allowed)) }',
    '(o, done) => { if (!o) return done(null, true); queue.push({ run: () => done(null, o) }) }',
    '(o, done) => { if (!o) return done(null, true); ask(o).then(done) }',
    // Both are called: which answer counts is the package's secret.
    '(o, done) => { if (!LIST.includes(o)) done(new Error("no")); done(null, true) }',
    '(o, done) => {}',
    '(o) => {}',
  ])
    test(text, () => assert.equal(read(text), 'unknown'))
})
