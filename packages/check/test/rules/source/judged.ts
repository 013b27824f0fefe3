/** Small backends, and what the source rules say of them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readBackend } from '../../../src/evidence/backend/index.ts'
import type { Project, ProjectFile } from '../../../src/evidence/project/index.ts'
import { kindOf, roleOf } from '../../../src/evidence/project/kinds.ts'
import { packagesOf } from '../../../src/evidence/project/manifests.ts'
import { settingsOf } from '../../../src/evidence/settings/index.ts'
import type { ItemId, Observation } from '../../../src/items/index.ts'
import { judgeSource, type SourceFacts } from '../../../src/rules/source/index.ts'

export type Files = Readonly<Record<string, string>>

/** A project that is nowhere but here; `tracked` are the files that git has. */
const projectOf = (sources: Files, tracked: readonly string[] = []): Project => {
  const files = Object.entries(sources).map(
    ([path, text]): ProjectFile => ({
      path,
      size: text.length,
      kind: kindOf(path),
      role: roleOf(path, text.length),
      tracked: tracked.includes(path),
    }),
  )
  const read = (path: string) => sources[path]
  return {
    folder: '/nowhere',
    files,
    git: tracked.length > 0,
    complete: true,
    read,
    packages: () => packagesOf(files, read),
  }
}

/** Everything that the rules say of these files. */
export const judged = async (
  sources: Files,
  { tracked, ...more }: Partial<SourceFacts> & { readonly tracked?: readonly string[] } = {},
): Promise<readonly Observation[]> => {
  const project = projectOf(sources, tracked)
  const settings = settingsOf(project)
  const backend = await readBackend(project, settings)
  return judgeSource({ backend, settings, secrets: [], history: undefined, audit: undefined, ...more })
}

/** `fail src/app.ts:3: It is so.`; a note is what it says, in brackets. */
const shown = ({ outcome, summary, evidence }: Observation): string => {
  const places = evidence.map((one) =>
    one.kind === 'source' ? `${one.file}:${one.line}` : one.kind === 'note' ? `(${one.text})` : one.request,
  )
  return `${outcome} ${places.join(' ')}: ${summary}`
}

/** Each backend and all that its rule says of it. */
export const table = (
  id: ItemId,
  rows: readonly (readonly [
    title: string,
    files: Files,
    expected: readonly string[],
    more?: Parameters<typeof judged>[1],
  ])[],
): void => {
  for (const [title, files, expected, more] of rows)
    test(title, async () => {
      const seen = (await judged(files, more)).filter((one) => one.id === id)
      assert.deepEqual(seen.map(shown), expected)
      for (const one of seen)
        for (const place of one.evidence)
          if (place.kind === 'source' && files[place.file] !== undefined && place.text !== place.file)
            assert.ok(
              files[place.file]?.split('\n')[place.line - 1]?.includes(place.text),
              `${place.text} is not the text of its line`,
            )
      // A mend is of what stands there, and changes it.
      for (const { outcome, fix } of seen) {
        if (fix === undefined) continue
        assert.equal(outcome, 'fail')
        assert.equal(files[fix.file]?.slice(fix.start, fix.end), fix.from)
        assert.notEqual(fix.to, fix.from)
      }
    })
}

/** An Express application; what is added begins on line 3. */
export const express = (...lines: readonly string[]): Files => ({
  'src/app.ts': ["import express from 'express'", 'const app = express()', ...lines].join('\n'),
})
