/** The style of the HTML report. Its hash is in the page's policy, so it never holds anything of a report. */
export const css = `
:root { color-scheme: light dark; --page: #fbfbf9; --card: #fff; --ink: #1d1f23; --soft: #565b65; --line: #dcdde0; --code: #f1f2f0;
  --fail: #b3192b; --warn: #8a5a00; --not-proven: #6a3fa8; --pass: #17693a; --not-applicable: #5c616b; --link: #1a56a8; --on: #fff }
@media (prefers-color-scheme: dark) { :root { --page: #14161a; --card: #1c1f25; --ink: #e8e9ec; --soft: #a9aeb8; --line: #343942; --code: #262a32;
  --fail: #ff8f94; --warn: #f0bf5b; --not-proven: #c7a6ff; --pass: #7bd69a; --not-applicable: #a9aeb8; --link: #8fbcff; --on: #14161a } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 56rem; padding: 2rem 1.25rem 3rem; background: var(--page); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", "Liberation Sans", Arial, sans-serif; overflow-wrap: anywhere }
h1 { margin: .1rem 0 .2rem; font-size: 1.9rem; line-height: 1.2; letter-spacing: -.015em }
h2 { margin: 2.2rem 0 .7rem; font-size: 1.2rem; line-height: 1.3 }
h3 { display: inline; margin: 0; font-size: 1rem; font-weight: 600; line-height: 1.35 }
p { margin: .4rem 0 }
code, pre, .path, .place, .id { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: .9rem }
pre code { font-size: inherit }
.tool, .target, .total, footer { margin: 0; color: var(--soft); font-size: .9rem }
.verdict { margin: 1.1rem 0 .8rem; padding: .7rem 1rem; border-left: .35rem solid; border-radius: .3rem; background: var(--card); font-size: 1.08rem; font-weight: 600 }
.bar { display: flex; gap: 2px; height: .6rem; margin-bottom: .4rem; border-radius: .3rem; overflow: hidden }
.bar i { flex: 1; background: currentColor }
.fail { color: var(--fail) } .warn { color: var(--warn) } .not-proven { color: var(--not-proven) } .pass { color: var(--pass) } .not-applicable { color: var(--not-applicable) }
.filters { display: flex; flex-wrap: wrap; gap: .4rem; margin: 1.4rem 0 0; padding: 0; border: 0 }
.filters legend { float: left; margin: 0 .5rem 0 0; padding: .25rem 0; color: var(--soft); font-size: .9rem }
.filters input { position: absolute; opacity: 0 }
.filters label { padding: .25rem .75rem; border: 1px solid var(--line); border-radius: 2rem; background: var(--card); font-size: .9rem; cursor: pointer }
.filters input:checked + label { border-color: var(--ink); background: var(--ink); color: var(--page) }
.filters input:focus-visible + label, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
.item { margin: .5rem 0; border: 1px solid var(--line); border-left: .3rem solid; border-radius: .4rem; background: var(--card) }
summary { display: flex; gap: .75rem; align-items: baseline; padding: .6rem .9rem; cursor: pointer; list-style: none }
summary::-webkit-details-marker { display: none }
summary::after { content: "+"; margin-left: auto; padding-left: .5rem; color: var(--soft); font-size: 1.15rem; line-height: 1 }
[open] > summary::after { content: "\\2212" }
.head { color: var(--ink); min-width: 0 }
.badge { flex: none; font-size: .86rem; font-weight: 700; white-space: nowrap }
summary .badge { min-width: 8.2rem }
.id, .count { margin-left: .6rem; color: var(--soft); font-weight: 400; font-size: .84rem }
.proof { display: block; margin-top: .1rem; color: var(--soft); font-size: .9rem }
.proof .place { font-weight: 400; color: var(--ink) }
[open] > summary .proof { display: none }
.body { padding: 0 .9rem .8rem; color: var(--ink) }
.findings, .evidence, .stale { margin: .3rem 0; padding-left: 1.3rem }
.findings:has(> :only-child) { padding: 0; list-style: none }
.finding + .finding { margin-top: 1rem; padding-top: .8rem; border-top: 1px solid var(--line) }
.evidence { padding: 0; list-style: none }
.evidence li { margin: .45rem 0 }
.what { font-weight: 500 }
.evidence .place { font-weight: 600 } .answer, .commit, .meta { color: var(--soft) }
.meta, .meta code { font-size: .84rem }
pre { margin: .25rem 0; padding: .45rem .7rem; border-radius: .3rem; background: var(--code); white-space: pre-wrap }
.curl code::before { content: "$ "; color: var(--soft) }
del { color: var(--fail) } ins { color: var(--pass) }
dl { display: grid; grid-template-columns: 8.2rem 1fr; gap: .3rem .75rem; margin: .9rem 0 0; padding-top: .7rem; border-top: 1px solid var(--line); font-size: .94rem }
dt { color: var(--soft) } dd { margin: 0 }
.none { display: none; color: var(--soft) }
footer { margin-top: 2.5rem; padding-top: .8rem; border-top: 1px solid var(--line) }
${['fail', 'warn', 'not-proven', 'pass', 'not-applicable']
  .map(
    (one) =>
      `body:has(#show-${one}:checked) .item:not(.${one}) { display: none } body:has(#show-${one}:checked) section:has(.item):not(:has(.item.${one})) .none { display: block }`,
  )
  .join('\n')}
@media (max-width: 36rem) { body { padding: 1.2rem .8rem 2rem } summary { flex-wrap: wrap; gap: .1rem .75rem; position: relative; padding-right: 2.2rem }
  summary::after { position: absolute; right: .9rem; top: .7rem } .head { flex-basis: 100% } dl { grid-template-columns: 1fr; gap: 0 } dd { margin-bottom: .5rem } }
@media print { :root { --page: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --code: #f3f3f3; --fail: #a00; --warn: #750; --not-proven: #539; --pass: #053; --not-applicable: #555 }
  body { max-width: none; padding: 0; font-size: 10pt } .filters, summary::after { display: none } .finding, summary, pre { break-inside: avoid } summary, h2 { break-after: avoid }
  .bar { print-color-adjust: exact; -webkit-print-color-adjust: exact }
  details:not([open])::details-content { display: block; content-visibility: visible } }
`
