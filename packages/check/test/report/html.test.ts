import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import { items } from '../../src/items/index.ts'
import { toHtml } from '../../src/report/index.ts'
import { chromium, show } from './chromium.ts'
import { full, hostile } from './samples.ts'

const folder = mkdtempSync(join(tmpdir(), 'portcullis-check-html-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const PAGES = { full: toHtml(full()), hostile: toHtml(hostile()) }
const fileOf = (name: string, page: string): string => {
  const file = join(folder, `${name}.html`)
  writeFileSync(file, page)
  return file
}

test('html: every tag is one of ours, whatever the texts hold, and nothing is loaded or run', () => {
  for (const page of Object.values(PAGES)) {
    const body = page.slice(page.indexOf('</style>'))
    const tags = new Set([...page.matchAll(/<([a-z0-9]+)/g)].map(([, name = '']) => name))
    assert.deepEqual(
      ['script', 'img', 'link', 'iframe', 'object', 'form', 'a', 'svg', 'base'].filter((tag) => tags.has(tag)),
      [],
    )
    assert.doesNotMatch(page, /<[^>]*\s(?:on[a-z]+|style|src|href)\s*=/)
    assert.doesNotMatch(page, /url\(|@import/)
    assert.equal(page.split('</style>').length, 2)
    assert.doesNotMatch(body.replace(/<\/?[a-z][a-z0-9]*(?:\s+[a-z-]+(?:="[^"<>]*")?)*>/g, ''), /[<>"']/)
    assert.match(page, /Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-/)
  }
})

test('html: has a language, one h1, headings in order, and a label for each filter', () => {
  for (const page of Object.values(PAGES)) {
    assert.match(page, /<html lang="en">/)
    const levels = [...page.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level))
    assert.equal(levels.filter((level) => level === 1).length, 1)
    for (const [index, level] of levels.entries()) assert.ok(level <= (levels[index - 1] ?? 0) + 1)
    for (const [, id] of page.matchAll(/<input[^>]* id="([^"]+)"/g)) assert.ok(page.includes(`<label for="${id}">`))
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    assert.equal(new Set(ids).size, ids.length)
  }
})

const luminance = (colour: string): number => {
  const digits =
    colour.length === 4 ? [...colour.slice(1)].map((one) => one + one) : (colour.slice(1).match(/../g) ?? [])
  const [r = 0, g = 0, b = 0] = digits
    .map((two) => Number.parseInt(two, 16) / 255)
    .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

test('html: every colour of text has a contrast of 4.5 to 1 at least, light, dark and on paper (WCAG 2.2, 1.4.3)', () => {
  const palettes = [...PAGES.full.matchAll(/:root \{([^}]*)\}/g)].map(([, rules = '']) =>
    Object.fromEntries([...rules.matchAll(/--([a-z-]+): (#[0-9a-f]+)/g)].map(([, name, value]) => [name, value])),
  )
  assert.equal(palettes.length, 3)
  for (const palette of palettes)
    for (const ink of ['ink', 'soft', 'fail', 'warn', 'not-proven', 'pass', 'not-applicable'])
      for (const paper of ['page', 'card', 'code']) {
        const [a = 0, b = 0] = [luminance(palette[ink] ?? ''), luminance(palette[paper] ?? '')].sort((x, y) => y - x)
        assert.ok((a + 0.05) / (b + 0.05) >= 4.5, `${ink} on ${paper}: ${palette[ink]} on ${palette[paper]}`)
      }
})

/** Says so loudly where there is no browser; CI has to have one. */
const browser = (t: TestContext): boolean => {
  if (chromium !== undefined) return true
  assert.equal(process.env['CI'], undefined, 'CI has chromium')
  t.skip('NOT SHOWN IN A BROWSER: chromium is not installed')
  return false
}

test('html: Chromium shows every item, complains of nothing, and writes a picture', { timeout: 120_000 }, async (t) => {
  if (!browser(t)) return
  for (const [name, page] of Object.entries(PAGES)) {
    const file = fileOf(name, page)
    const shown = await show(file)
    assert.deepEqual(shown.console, [])
    for (const { id, title } of items) {
      assert.ok(shown.dom.includes(`id="${id}"`), id)
      assert.ok(shown.dom.includes(title), title)
    }
    assert.doesNotMatch(shown.dom, /<img|<script/)
  }
  const picture = join(folder, 'full.png')
  await show(join(folder, 'full.html'), ['--window-size=1200,1800', `--screenshot=${picture}`])
  assert.ok(existsSync(picture) && statSync(picture).size > 50_000)
})

/**
 * Each page in a frame of that width, measured from outside: headless windows have a least width, and the report itself runs no
 * script. The frame's document is the report without its policy, which would refuse to be measured as it refuses all else.
 */
const measuring = (page: string, widths: readonly number[]): string => {
  const bare = page
    .replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '')
    .replace(/<details /g, '<details open ')
  const frames = widths.map(
    (width) =>
      `<iframe width="${width}" height="900" srcdoc="${bare.replace(/&/g, '&amp;').replace(/"/g, '&quot;')}"></iframe>`,
  )
  return `<!doctype html><meta charset="utf-8"><body>${frames.join('')}<pre id="widths"></pre><script>
addEventListener('load', () => { document.getElementById('widths').textContent = 'measured ' + [...document.querySelectorAll('iframe')].map((frame) => {
  const root = frame.contentDocument.documentElement
  const widest = Math.max(...[...root.querySelectorAll('*')].map((one) => one.getBoundingClientRect().right))
  const shown = (id) => { frame.contentDocument.getElementById('show-' + id).click(); return [...root.querySelectorAll('.item')].filter((one) => one.offsetParent !== null).length }
  return [root.clientWidth, root.scrollWidth, Math.ceil(widest), shown('fail'), shown('all')].join('/')
}).join(' ') })</script>`
}

test('html: nothing is wider than the page at 400 and 1200 pixels, and the filters filter without a script', {
  timeout: 120_000,
}, async (t) => {
  if (!browser(t)) return
  for (const [name, page] of Object.entries(PAGES)) {
    const { dom } = await show(fileOf(`${name}-measured`, measuring(page, [400, 1200])))
    const measured = /measured ([^<]*)/.exec(dom)?.[1]?.split(' ') ?? []
    assert.equal(measured.length, 2)
    for (const one of measured) {
      const [client = 0, scroll = 0, widest = 0, failed, all] = one.split('/').map(Number)
      assert.ok(client >= 380 && scroll <= client && widest <= client, `${name}: ${one}`)
      assert.equal(failed, (name === 'full' ? full() : hostile()).counts.fail)
      assert.equal(all, items.length)
    }
  }
})
