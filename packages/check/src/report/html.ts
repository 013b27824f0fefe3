/** `--html`: one file that needs nothing else, asks nobody for anything, and runs no script. */
import { createHash } from 'node:crypto'
import type { Evidence } from '../items/index.ts'
import { isKnown } from './baseline.ts'
import { css } from './html-style.ts'
import type { Finding, Report, ReportItem } from './report.ts'
import { counted, knownLine, lastLine, OUTCOMES, placeOf, SYMBOLS, staleLine, WORDS } from './words.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** For text and for quoted attributes. Nothing is ever written into a style, an address or a comment. */
const html = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')

const FINDINGS = 200
const PLACES = 20

/** Nothing loads, runs, frames or is sent: even if a text got out of its element, it could do nothing. */
const policy = (style: string): string =>
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'`

const evidenceOf = (evidence: Evidence): string => {
  if (evidence.kind === 'note') return `<li class="note">${html(evidence.text)}</li>`
  if (evidence.kind === 'source') {
    const commit =
      evidence.commit === undefined
        ? ''
        : ` <span class="commit">in commit ${html(evidence.commit.slice(0, 10))}</span>`
    return `<li><span class="place">${html(evidence.file)}:${evidence.line}</span>${commit}<pre><code>${html(evidence.text)}</code></pre></li>`
  }
  const curl = evidence.curl === '' ? '' : `<pre class="curl"><code>${html(evidence.curl)}</code></pre>`
  return `<li><span class="place">${html(evidence.request)}</span> <span class="answer">→ ${html(evidence.response)}</span>${curl}</li>`
}

const evidenceList = (evidence: readonly Evidence[]): string => {
  if (evidence.length === 0) return ''
  const more = evidence.length > PLACES ? `<li class="note">and ${evidence.length - PLACES} more</li>` : ''
  return `<ul class="evidence">${evidence.slice(0, PLACES).map(evidenceOf).join('')}${more}</ul>`
}

const findingOf = (finding: Finding, item: ReportItem): string => {
  const { outcome, summary, evidence, mend, severity, confidence, side, fingerprint } = finding
  const other = outcome === item.outcome ? '' : `<span class="badge ${outcome}">${WORDS[outcome]}</span> `
  const own = mend === item.mend ? '' : `<p class="own"><b>Mend</b> ${html(mend)}</p>`
  const fix = finding.fix
  const literal =
    fix === undefined
      ? ''
      : `<p class="own"><b>One literal</b> <del>${html(fix.from)}</del> → <ins>${html(fix.to)}</ins> (--fix shows it as a diff)</p>`
  return `<li class="finding"><p class="what">${other}${html(summary)}</p>${evidenceList(evidence)}${own}${literal}
<p class="meta">${severity} severity, ${confidence} confidence, seen in ${html(side)}; fingerprint <code>${html(fingerprint)}</code></p></li>`
}

const standardsOf = (item: ReportItem): string =>
  [...item.asvs.map((id) => `ASVS ${id}`), ...item.apiTop10].map(html).join(', ')

const findingsOf = (item: ReportItem): string => {
  if (item.findings.length === 0) return `<p class="what">${html(item.summary)}</p>${evidenceList(item.evidence)}`
  const shown = item.findings.slice(0, FINDINGS).map((finding) => findingOf(finding, item))
  const more = item.findings.length - FINDINGS
  return `<ol class="findings">${shown.join('\n')}</ol>${more > 0 ? `<p>and ${more} more, in --json</p>` : ''}`
}

const itemOf = (item: ReportItem): string => {
  const known = knownLine(item)
  const open = item.outcome === 'fail' && !isKnown(item) ? ' open' : ''
  const count = item.findings.length > 1 ? `<span class="count">${item.findings.length} findings</span>` : ''
  const mark = `<span class="badge ${item.outcome}"><span aria-hidden="true">${SYMBOLS[item.outcome]}</span> ${WORDS[item.outcome]}</span>`
  const weight =
    item.findings.length > 0 ? '' : `<dt>Weight</dt><dd>${item.severity} severity, ${item.confidence} confidence</dd>`
  const [lead] = item.evidence
  const place = lead === undefined || lead.kind === 'note' ? '' : ` <span class="place">${html(placeOf(lead))}</span>`
  const others = item.evidence.length > 1 ? ` and ${item.evidence.length - 1} more` : ''
  const proof = `<span class="proof">${html(item.summary)}${place}${others}</span>`
  const advice =
    item.outcome === 'pass' || item.outcome === 'not-applicable' ? '' : `<dt>Mend</dt><dd>${html(item.mend)}</dd>`
  return `<details class="item ${item.outcome}" id="${item.id}"${open}>
<summary>${mark}<span class="head"><h3>${html(item.title)}</h3><span class="id">${item.id}</span>${count}${
    known === '' ? '' : `<span class="count">${html(known)}</span>`
  }${proof}</span></summary>
<div class="body">${findingsOf(item)}
<dl><dt>Why it matters</dt><dd>${html(item.why)}</dd>${advice}<dt>Standards</dt><dd>${standardsOf(item)}</dd><dt>Page</dt><dd><code>${html(item.docs)}</code></dd>${weight}</dl></div>
</details>`
}

const group = (title: string, name: string, items: readonly ReportItem[]): string => {
  if (items.length === 0) return ''
  const ordered = OUTCOMES.flatMap((outcome) => items.filter((item) => item.outcome === outcome))
  return `<section aria-labelledby="${name}"><h2 id="${name}">${title}</h2>
${ordered.map(itemOf).join('\n')}
<p class="none">No item here has that outcome.</p></section>`
}

/** Radio buttons before the sections: a style hides what is not chosen, without a script. */
const filters = ({ items, counts }: Report): string => {
  const choices = OUTCOMES.filter((outcome) => counts[outcome] > 0)
  const choice = (name: string, text: string, checked = ''): string =>
    `<input type="radio" name="show" id="show-${name}"${checked}><label for="show-${name}">${text}</label>`
  return `<fieldset class="filters"><legend>Show</legend>
${choice('all', `All ${items.length}`, ' checked')}
${choices.map((outcome) => choice(outcome, counted(outcome, counts[outcome]))).join('\n')}
</fieldset>`
}

/** How much of the whole is what, as a picture; the same is said in words by the filters. */
const bar = ({ counts }: Report): string => {
  const parts = OUTCOMES.flatMap((outcome) =>
    Array.from({ length: counts[outcome] }, () => `<i class="${outcome}"></i>`),
  )
  return `<div class="bar" aria-hidden="true">${parts.join('')}</div>`
}

const staleOf = ({ stale }: Report): string =>
  stale.length === 0
    ? ''
    : `<section aria-labelledby="stale"><h2 id="stale">Suppressions that are stale</h2><ul class="stale">${stale
        .map((one) => `<li>${html(staleLine(one))}</li>`)
        .join('')}</ul></section>`

const VERDICTS = { 0: 'pass', 1: 'fail', 3: 'not-proven' } as const

export const toHtml = (report: Report): string => {
  const { tool, target, items, verdict, findings } = report
  const address = target.url === undefined ? '' : `<br><span class="path">${html(target.url)}</span>`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${html(policy(css))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${html(`Security baseline of ${target.folder}`)}</title>
<style>${css}</style>
</head>
<body>
<header>
<p class="tool">${tool.name} ${html(tool.version)}</p>
<h1>Security baseline</h1>
<p class="target"><span class="path">${html(target.folder)}</span>${address}</p>
<p class="verdict ${VERDICTS[verdict.exit]}">${html(lastLine(report))}</p>
${bar(report)}
<p class="total">${items.length} items, ${findings} ${findings === 1 ? 'finding' : 'findings'}</p>
</header>
<main>
${filters(report)}
${group(
  'The ten',
  'the-ten',
  items.filter(({ ten }) => ten),
)}
${group(
  'Beyond the ten',
  'beyond-the-ten',
  items.filter(({ ten }) => !ten),
)}
${staleOf(report)}
</main>
<footer><p>Not proven is never a pass. Secrets are shown by their first characters and a hash.</p></footer>
</body>
</html>
`
}
