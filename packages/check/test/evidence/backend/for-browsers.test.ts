/** Which files of a repository are a browser's half, and not read. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forBrowsers } from '../../../src/evidence/backend/for-browsers.ts'

const SERVER = "import jwt from 'jsonwebtoken'\nexport const read = (t) => jwt.verify(t, key)"
const PAGE = "import { useState } from 'react'"

for (const [title, dependencies, path, text, expected] of [
  ['a page of React', ['react'], 'src/app.ts', PAGE, true],
  ['React alone runs on no server', ['react'], 'src/lib/jwt.ts', SERVER, true],
  ['a page of Next', ['next', 'react'], 'src/app/page.tsx', PAGE, true],
  ['what makes tokens in Next', ['next', 'react'], 'src/lib/jwt.ts', SERVER, false],
  ['the same in a folder called frontend', ['next', 'react'], 'frontend/src/lib/jwt.ts', SERVER, false],
  ['a route of Next', ['next'], 'app/api/x/route.ts', "import { NextResponse } from 'next/server'", false],
  ['a client component', ['next'], 'app/x.tsx', "'use client'\nimport { cookies } from 'next/headers'", true],
  [
    'what SvelteKit asks a database',
    ['@sveltejs/kit'],
    'src/db.ts',
    "import { PrismaClient } from '@prisma/client'",
    false,
  ],
  ['a page beside a server in one package', ['express', 'react'], 'src/app.ts', PAGE, false],
  ['a folder called frontend', ['express'], 'frontend/app.js', PAGE, true],
  ['what is served as it is', ['next'], 'public/app.js', SERVER, true],
  ['a server', ['express'], 'src/app.ts', SERVER, false],
] as const)
  test(title, () => {
    const packages = [
      { folder: '', manifest: 'package.json', dependencies: [...dependencies], developmentDependencies: [] },
    ] as unknown as Parameters<typeof forBrowsers>[1]
    assert.equal(forBrowsers(path, packages, { read: () => text }), expected)
  })
