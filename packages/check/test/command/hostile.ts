/** Repositories that somebody wrote to be checked by somebody else: each is one attack on whoever runs the command. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, closeSync, mkdirSync, openSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface Attack {
  readonly name: string
  readonly build: (folder: string) => void
  /** Where it may take more memory than the rest. */
  readonly mebibytes?: number
}

/** What somebody's files beside the repository hold. */
export const OUTSIDE = 'q7Rw2LmZx9VtB4kPd8Ns'
/** The file that is there once something was run. */
export const OWNED = 'owned'

export const write = (folder: string, files: Readonly<Record<string, string | Buffer>>): void => {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
}

export const git = (folder: string, ...args: string[]): string =>
  execFileSync(
    'git',
    ['-c', 'user.name=A Tester', '-c', 'user.email=tester@example.com', '-c', 'commit.gpgsign=false', ...args],
    { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  )

export const commit = (folder: string): void => {
  git(folder, 'init', '-q', '-b', 'main')
  git(folder, 'add', '-A', '-f')
  git(folder, 'commit', '-q', '-m', 'A change')
}

/** A backend that reads its key through `expression`, so that the expression is followed. */
export const signing = (before: string, expression: string): Record<string, string> => ({
  'package.json': '{"dependencies":{"express":"5","jsonwebtoken":"9"}}',
  'src/app.ts': `import express from 'express'
import jwt from 'jsonwebtoken'
${before}
const app = express()
app.post('/login', (request, response) => {
  response.json({ token: jwt.sign({ sub: request.body.id }, ${expression}, { expiresIn: ${expression} }) })
})
app.listen(3000)
`,
})

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index)
const many = (count: number, each: (index: number) => string, between = '\n'): string =>
  range(count).map(each).join(between)

const texts = (text: string): Record<string, string> => ({
  ...signing('', 'process.env.KEY'),
  '.env': `SECRET=${text}\n${text}\n`,
  '.env.example': `SECRET=${text}\n`,
  Dockerfile: `FROM node\nENV SECRET=${text}\nCMD ${text}\n`,
  'compose.yaml': `services:\n  a:\n    image: x\n    command: "${text.replaceAll(/["\\\n]/g, '')}"\n`,
  'config.toml': `secret = "${text.replaceAll('"', '')}"\n${text}\n`,
  'nginx.conf': text,
  'requirements.txt': text,
  'pyproject.toml': `[project]\ndependencies = [${text}`,
  'start.sh': text,
  'tsconfig.json': `{"compilerOptions": {"paths": {"${text.replaceAll(/["\\\n]/g, '')}": ["x"]}}, ${text}`,
  'settings.json': `{"secret": "${text.replaceAll(/["\\\n]/g, '')}"}`,
  'src/text.ts': `export const secret = ${JSON.stringify(text)}\n// ${text.replaceAll('\n', ' ')}\napp.get(${JSON.stringify(text)}, auth)\nsign(x, ${JSON.stringify(text)})`,
  'src/text.py': `SECRET_KEY = ${JSON.stringify(text)}\n# ${text.replaceAll('\n', ' ')}\n@app.get(${JSON.stringify(text)})\ndef f(): pass\n`,
})

const LONG = 200_000

export const ATTACKS: readonly Attack[] = [
  {
    name: 'file names with newlines, escapes and dashes',
    build: (folder) => {
      const key = 'const a = 1\nrequire("jsonwebtoken").sign({}, "sdkfjhQWE98723hjsdf", { expiresIn: "9d" })\n'
      write(folder, {
        ...signing('', 'process.env.KEY'),
        '-rf': key,
        '--help.js': key,
        '-n.ts': key,
        'a\nb.js': key,
        '\x1b[2J\x1b[31mred.js': key,
        '\u202egnp.js': key,
        'a"b\'`$(touch owned)`.js': key,
        'src/\r::error::x.js': key,
      })
      write(folder, { 'tab\tname.env': 'SECRET_KEY=sdkfjhQWE98723hjsdf\n' })
      writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe, 0x2e, 0x6a, 0x73])]), key)
      commit(folder)
    },
  },
  {
    name: 'links out of the folder, in circles, and to devices',
    build: (folder) => {
      write(
        folder,
        signing(
          "import x from '../../../../../../etc/passwd'\nimport y from '../../../../etc/hostname.js'",
          'process.env.KEY',
        ),
      )
      for (const [from, to] of [
        ['passwd.env', '/etc/passwd'],
        ['.env', '/etc/passwd'],
        ['loop', '.'],
        ['src/up', '..'],
        ['self.ts', 'self.ts'],
        ['zero.ts', '/dev/zero'],
        ['tty.env', '/dev/tty'],
        ['root', '/'],
        ['package-lock.json', '/dev/zero'],
        ['tsconfig.json', '/etc/passwd'],
        ['portcullis-check.json', '/dev/zero'],
      ] as const)
        symlinkSync(to, join(folder, from))
      commit(folder)
    },
  },
  {
    name: 'links and imports to what lies beside the folder',
    build: (folder) => {
      write(folder, {
        ...signing("import { key } from '../../outside/keys'", 'key'),
        'app/main.py': 'import jwt\nfrom ...outside.keys import key\njwt.encode({}, key)\n',
        'tsconfig.json': '{"extends": "../outside/keys.ts", "compilerOptions": {"paths": {"@/*": ["../outside/*"]}}}',
        'compose.yaml': 'services:\n  api:\n    image: x\n    env_file: [../outside/.env]\n',
        '.gitignore': 'nothing\n',
      })
      symlinkSync('../outside/.env', join(folder, '.env'))
      symlinkSync('../outside', join(folder, 'beside'))
      symlinkSync('../../outside/keys.ts', join(folder, 'src/keys.ts'))
      commit(folder)
    },
  },
  {
    name: 'programs to be run by git, npm, node and whoever imports',
    build: (folder) => {
      const run = `touch ${join(folder, OWNED)}`
      const js = `require('node:fs').writeFileSync(${JSON.stringify(join(folder, OWNED))}, '')\n`
      write(folder, {
        ...signing('', "'sdkfjhQWE98723hjsdf'"),
        'evil.sh': `#!/bin/sh\n${run}\n`,
        'evil.js': js,
        'src/evil.js': js,
        'setup.py': `open(${JSON.stringify(join(folder, OWNED))}, 'w')\n`,
        '.gitattributes': '* diff=evil filter=evil merge=evil\n',
        '.gitmodules': `[submodule "a"]\n\tpath = a\n\turl = ext::sh -c ${run}\n\tupdate = !${run}\n`,
        '.npmrc': `script-shell=${folder}/evil.sh\ngit=${folder}/evil.sh\nnode-options=--require ${folder}/evil.js\nregistry=http://127.0.0.1:9/\n`,
        '.env': `NODE_OPTIONS=--require ${folder}/evil.js\n`,
        'package.json': `{"scripts": {"preinstall": "${run}", "start": "${run}", "audit": "${run}"}, "dependencies": {"express": "5"}}`,
        'package-lock.json': `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "git+ssh://-oProxyCommand=${run}/a"}, "scripts": {"preinstall": "${run}"}}}}`,
        'node_modules/oxc-parser/index.js': js,
      })
      commit(folder)
      chmodSync(join(folder, 'evil.sh'), 0o755)
      const script = join(folder, 'evil.sh')
      for (const key of ['core.fsmonitor', 'core.pager', 'core.sshCommand', 'core.askPass', 'gpg.program'])
        git(folder, 'config', key, script)
      for (const key of ['diff.external', 'diff.evil.textconv', 'diff.evil.command', 'alias.log', 'alias.ls-files'])
        git(folder, 'config', key, key.startsWith('alias') ? `!${script}` : script)
      for (const key of ['filter.evil.clean', 'filter.evil.smudge', 'filter.evil.process'])
        git(folder, 'config', key, script)
      for (const [key, value] of [
        ['log.showSignature', 'true'],
        ['extensions.partialClone', 'origin'],
        ['remote.origin.promisor', 'true'],
        ['remote.origin.url', `ext::${script}`],
        ['protocol.ext.allow', 'always'],
      ] as const)
        git(folder, 'config', key, value)
      for (const hook of ['post-index-change', 'reference-transaction', 'post-checkout', 'fsmonitor-watchman'])
        write(folder, { [`.git/hooks/${hook}`]: `#!/bin/sh\n${run}\n` })
      for (const hook of ['post-index-change', 'reference-transaction', 'post-checkout', 'fsmonitor-watchman'])
        chmodSync(join(folder, '.git/hooks', hook), 0o755)
      rmSync(join(folder, OWNED), { force: true })
    },
  },
  {
    name: 'named pipes where files are read',
    build: (folder) => {
      write(folder, signing('', 'process.env.KEY'))
      for (const name of [
        'pipe.ts',
        '.env',
        'compose.yaml',
        'tsconfig.json',
        'package-lock.json',
        'portcullis-check.json',
        'Dockerfile',
      ])
        execFileSync('mkfifo', [join(folder, name)])
    },
  },
  {
    name: 'a tracked file that became a named pipe',
    build: (folder) => {
      write(folder, { ...signing('', 'process.env.KEY'), 'src/b.ts': 'export const a = 1\n' })
      commit(folder)
      execFileSync('rm', [join(folder, 'src/b.ts')])
      execFileSync('mkfifo', [join(folder, 'src/b.ts')])
    },
  },
  {
    name: 'a hundred thousand files',
    build: (folder) => {
      write(folder, signing('', 'process.env.KEY'))
      for (const outer of range(100)) {
        mkdirSync(join(folder, `src/d${outer}`))
        for (const inner of range(1000)) closeSync(openSync(join(folder, `src/d${outer}/f${inner}.ts`), 'w'))
      }
    },
  },
  {
    name: 'a file of 500 MiB',
    build: (folder) => {
      write(folder, { ...signing('', 'process.env.KEY'), 'big.ts': '', '.env': '', 'data.bin': '' })
      for (const name of ['big.ts', '.env', 'data.bin']) truncateSync(join(folder, name), 500 * 1024 * 1024)
      // History looks at it again: sparse, so that git has one blob of zeros.
      commit(folder)
    },
  },
  {
    name: 'brackets a hundred thousand deep',
    build: (folder) =>
      write(folder, {
        ...signing("import a from './deep'", 'a'),
        'src/deep.ts': `export default ${'['.repeat(LONG / 2)}${']'.repeat(LONG / 2)}`,
        'src/parens.ts': `export default ${'('.repeat(LONG / 2)}1${')'.repeat(LONG / 2)}`,
        'src/objects.ts': `export default ${'{a:'.repeat(LONG / 3)}1${'}'.repeat(LONG / 3)}`,
        'src/blocks.ts': `${'{'.repeat(LONG / 2)}${'}'.repeat(LONG / 2)}`,
        'src/ifs.ts': `${many(20_000, (index) => `if (a === ${index}) {} else `, '')}{}`,
        'src/members.ts': `export default a${'.b'.repeat(LONG / 4)}`,
        'src/calls.ts': `export default app${'.use(a)'.repeat(20_000)}`,
        'src/arrows.ts': `export default ${'() => '.repeat(30_000)}1`,
        'src/nots.ts': `export default ${'!'.repeat(LONG / 2)}1`,
        'src/types.ts': `type A = ${'Array<'.repeat(30_000)}string${'>'.repeat(30_000)}`,
        'src/jsx.tsx': `export default ${'<a>'.repeat(30_000)}${'</a>'.repeat(30_000)}`,
        'src/templates.ts': `export default ${'`${'.repeat(30_000)}1${'}`'.repeat(30_000)}`,
        'app/deep.py': `a = ${'['.repeat(LONG / 2)}${']'.repeat(LONG / 2)}\n`,
        'app/nots.py': `from fastapi import FastAPI\na = ${'not '.repeat(50_000)}1\n`,
        'app/members.py': `a = b${'.c'.repeat(LONG / 4)}\n`,
        'app/lambdas.py': `a = ${'lambda: '.repeat(30_000)}1\n`,
        'app/strings.py': `a = ${`f"{`.repeat(5_000)}1${`}"`.repeat(5_000)}\n`,
        'tsconfig.json': `${'['.repeat(LONG / 2)}${']'.repeat(LONG / 2)}`,
        'package.json': `${'{"a":'.repeat(LONG / 5)}1${'}'.repeat(LONG / 5)}`,
        'config/settings.json': `${'{"a":'.repeat(LONG / 5)}1${'}'.repeat(LONG / 5)}`,
        'compose.yaml': `services: ${'['.repeat(LONG / 2)}${']'.repeat(LONG / 2)}`,
        '.github/workflows/a.yml': `jobs:\n${many(2_000, (index) => `${' '.repeat(index + 1)}a:`)}`,
        'package-lock.json': `${'{"a":'.repeat(LONG / 5)}1${'}'.repeat(LONG / 5)}`,
        'portcullis-check.json': '{"suppressions": []}',
      }),
  },
  {
    name: 'brackets just deep enough to be parsed',
    build: (folder) =>
      write(folder, {
        ...signing(
          many(12, (index) => `import a${index} from './deep${index}'`),
          '[a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11]',
        ),
        ...Object.fromEntries(
          range(12).flatMap((index) => {
            const deep = 150 * (index + 1)
            return [
              [`src/deep${index}.ts`, `export default a${'.b(c)'.repeat(deep)}`],
              [
                `src/array${index}.ts`,
                `export default ${'['.repeat(deep)}${']'.repeat(deep)}\nexport const x = ${'f('.repeat(deep)}${')'.repeat(deep)}\nexport const y = ${'1 + '.repeat(deep * 4)} 1\nexport const z = ${'() => '.repeat(deep)} 1`,
              ],
              [
                `app/deep${index}.py`,
                `from fastapi import FastAPI\na = ${'['.repeat(deep)}${']'.repeat(deep)}\nb = c${'.d(e)'.repeat(deep)}\nf = ${'1 + '.repeat(deep * 4)}1\n`,
              ],
            ]
          }),
        ),
      }),
  },
  {
    name: 'five megabytes of minified JavaScript',
    build: (folder) => {
      const part = (index: number) =>
        `function f${index}(a,b){return a.sign(b,"k${index}",{expiresIn:f${index + 1}(a,b)})||app.get("/r${index}",auth,function(q,s){s.json(q.body)})}`
      write(folder, {
        ...signing('', 'process.env.KEY'),
        'src/bundle.js': many(30_000, part, ';'),
        'src/half.js': many(2_300, part, ';'),
        'src/other.js': many(2_300, part, ';'),
      })
      commit(folder)
    },
  },
  {
    // What is looked for in every module for every call would take minutes here.
    name: 'eight files of minified JavaScript just small enough to be read',
    mebibytes: 1_024,
    build: (folder) => {
      const part = (index: number) =>
        `function f${index}(a,b){return a.sign(b,"k${index}",{expiresIn:f${index + 1}(a,b)})||app.get("/r${index}",auth,function(q,s){s.json(q.body)})}`
      write(folder, {
        ...signing('', 'process.env.KEY'),
        ...Object.fromEntries(range(8).map((index) => [`src/m${index}.js`, many(2_300, part, ';')])),
      })
    },
  },
  {
    name: 'a million settings',
    build: (folder) => {
      write(folder, signing('', 'process.env.KEY'))
      for (const index of range(4)) write(folder, { [`part${index}/.env`]: 'A=1\n'.repeat(250_000) })
      commit(folder)
    },
  },
  {
    name: 'more secrets than anybody reads of',
    build: (folder) => {
      const key = (index: number) => `A${index}_SECRET_KEY=${createHash('sha256').update(`${index}`).digest('hex')}`
      write(folder, signing('', 'process.env.KEY'))
      for (const index of range(12))
        write(folder, { [`part${index}/.env`]: many(600, (each) => key(index * 600 + each)) })
      commit(folder)
    },
  },
  {
    name: 'aliases of YAML that multiply',
    build: (folder) => {
      const laughs = `a0: &a0 [lol, lol]\n${many(40, (index) => `a${index + 1}: &a${index + 1} [${many(9, () => `*a${index}`, ', ')}]`)}`
      const merges = `m0: &m0 {a: b}\n${many(40, (index) => `m${index + 1}: &m${index + 1} {<<: [${many(9, () => `*m${index}`, ', ')}]}`)}`
      write(folder, {
        ...signing('', 'process.env.KEY'),
        'compose.yaml': `${laughs}\n${merges}\nservices:\n  a:\n    image: x\n    environment: *a40\n    command: *a40\n    labels: *m40\n  b: *m40\n  <<: *m40\n`,
        'k8s.yaml': `apiVersion: v1\nkind: Deployment\n${laughs}\n${merges}\nspec: *a40\ncontainers: *a40\n`,
        '.github/workflows/a.yml': `${laughs}\nenv: *a40\njobs: {a: {env: *a40, services: *a40, steps: *a40}}\n`,
        'self.yaml': 'services: &a\n  image: x\n  b: *a\n  <<: *a\n',
        'flat.yml': `services:\n${many(20_000, (index) => `  s${index}: {image: x}`)}`,
        'anchors.yml': `services:\n  image:\n${many(9_000, (index) => `  s${index}: &a${index} {}`)}\n${many(9_000, (index) => `  t${index}: *a${index}`)}`,
      })
    },
  },
  ...(
    [
      ['spaces', ' '.repeat(LONG)],
      ['letters', 'a'.repeat(LONG)],
      ['commas and braces', ',}'.repeat(LONG / 2)],
      ['quotes', '"'.repeat(LONG)],
      ['backslashes', '\\'.repeat(LONG)],
      ['slashes and stars', '/*'.repeat(LONG / 2)],
      ['dashes', '-----BEGIN PRIVATE KEY-----\n'.repeat(LONG / 30)],
      ['addresses', 'postgres://a:b'.repeat(LONG / 14)],
      ['at signs', '://a:'.repeat(LONG / 5)],
      ['tokens', 'eyJhbGciOi.'.repeat(LONG / 11)],
      ['equals', 'secret='.repeat(LONG / 7)],
      ['newlines', 'a=\n'.repeat(LONG / 3)],
      ['blank lines', '\n'.repeat(LONG)],
      ['digits', '1'.repeat(LONG)],
      ['brackets', '('.repeat(LONG / 2) + 'a'.repeat(LONG / 2)],
      ['paths', '/:a'.repeat(LONG / 3)],
      ['references', '${A:-'.repeat(LONG / 5)],
      ['spaced words', 'a '.repeat(LONG / 2)],
    ] as const
  ).map(
    ([what, text]): Attack => ({
      name: `two hundred thousand ${what} in every kind of file`,
      build: (folder) => {
        write(folder, texts(text))
        commit(folder)
      },
    }),
  ),
  {
    name: 'names of objects that every object has',
    build: (folder) =>
      write(folder, {
        ...signing(
          "import { __proto__ as p, constructor } from './keys'\nconst toString = process.env.hasOwnProperty",
          '[p.__proto__, constructor.prototype, toString.valueOf, process.env.__proto__]',
        ),
        'src/keys.ts':
          'export const __proto__ = { __proto__: null, constructor: 1, ["__proto__"]: 2 }\nexport const constructor = { prototype: __proto__ }\nexport const hasOwnProperty = 1',
        'package.json':
          '{"__proto__": {"dependencies": {"express": "5"}}, "name": "__proto__", "dependencies": {"__proto__": {"a": 1}, "constructor": "1", "express": "5"}, "scripts": {"__proto__": "node a", "constructor": ["x"], "start": {"a": 1}}}',
        'packages/a/package.json': '[1, 2]',
        'packages/b/package.json': 'null',
        'packages/c/package.json': '{"dependencies": "express", "scripts": null, "name": 1, "workspaces": {"a": 1}}',
        'tsconfig.json':
          '{"compilerOptions": {"paths": {"__proto__": ["../../../../etc/*"], "*": ["../../../../../../../*", 1, null], "@/*": "x", "#/*": ["/etc/*"]}, "baseUrl": "../../../.."}}',
        'src/tsconfig.json': '{"compilerOptions": null}',
        'config/settings.json':
          '{"__proto__": {"secret": "sdkfjhQWE98723hjsdf"}, "constructor": {"prototype": {"password": "sdkfjhQWE98723hjsdf"}}}',
        'package-lock.json': '{"__proto__": 1, "packages": {"__proto__": 1, "": null}}',
        'compose.yaml': 'services:\n  __proto__:\n    environment:\n      __proto__: 1\n      constructor: 2\n',
        '.env': '__proto__=1\nconstructor=2\ntoString=3\n',
      }),
  },
  {
    name: 'a text that doubles',
    build: (folder) =>
      write(
        folder,
        signing(
          `const a0 = '${'a'.repeat(64)}'\n${many(50, (index) => `const a${index + 1} = a${index} + a${index}`)}`,
          'a50',
        ),
      ),
  },
  {
    name: 'a template that doubles',
    build: (folder) =>
      write(
        folder,
        signing(
          `const a0 = '${'a'.repeat(64)}'\n${many(50, (index) => `const a${index + 1} = \`\${a${index}}\${a${index}}\``)}`,
          'a50',
        ),
      ),
  },
  {
    name: 'a template with unknown parts that doubles',
    build: (folder) =>
      write(
        folder,
        signing(
          `const a0 = \`\${process.env.X}b\`\n${many(50, (index) => `const a${index + 1} = \`\${a${index}}\${a${index}}\``)}`,
          'a50',
        ),
      ),
  },
  {
    name: 'lists and objects that double',
    build: (folder) =>
      write(
        folder,
        signing(
          `const a0 = ['x', 'y']\n${many(50, (index) => `const a${index + 1} = [...a${index}, ...a${index}]`)}\nconst o0 = { a: 1 }\n${many(50, (index) => `const o${index + 1} = { ...o${index}, a${index}: o${index}, b${index}: o${index} }`)}\nconst l0 = [1]\n${many(50, (index) => `const l${index + 1} = [l${index}, l${index}]`)}`,
          '[a50, o50, l50]',
        ),
      ),
  },
  {
    // Each step is asked for by itself, so that the one before it is known when the next is read.
    name: 'values that double, one question at a time',
    build: (folder) =>
      write(
        folder,
        signing(
          `const a0 = '${'a'.repeat(64)}'\nconst b0 = \`\${process.env.X}b\`\nconst c0 = ['x', ...unknown]\nconst d0 = { ...unknown }\nconst e0 = [1]\n${many(
            60,
            (index) => {
              const next = index + 1
              const ask = (name: string) =>
                `app.post('/${name}${next}', (q, s) => s.json(jwt.sign({ sub: ${name}${next}, ...${name}${next} }, ${name}${next}, { expiresIn: ${name}${next} })))`
              return `const a${next} = a${index} + a${index}\nconst b${next} = \`\${b${index}}\${b${index}}\`\nconst c${next} = [...c${index}, ...c${index}]\nconst d${next} = { ...d${index}, ...d${index} }\nconst e${next} = [e${index}, e${index}]\nconst f${next} = { a: e${index}, b: d${index}, c: e${index} }\nconst g${next} = x ? [e${index}] : y ? \`\${a${index}}c\` : a${index}\n${['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(ask).join('\n')}`
            },
          )}`,
          'a60',
        ),
      ),
  },
  {
    name: 'a spread and a template of one large value a thousand times',
    build: (folder) =>
      write(
        folder,
        signing(
          `const a = '${'a'.repeat(100_000)}'\nconst l = [${many(5_000, () => '1', ',')}]\nconst b = \`${many(3_000, () => `$\{a}`, '')}\`\nconst c = [${many(3_000, () => '...l', ', ')}]\nconst d = ${many(3_000, () => 'a', ' + ')}`,
          '[b, c, d]',
        ),
      ),
  },
  {
    name: 'a thousand files that may be too deep to be parsed',
    build: (folder) => {
      write(folder, signing('', 'process.env.KEY'))
      write(
        folder,
        Object.fromEntries(
          range(1_000).map((index) => [
            `src/deep${index}.ts`,
            `export default ${'['.repeat(3_500)}${']'.repeat(3_500)}`,
          ]),
        ),
      )
      write(
        folder,
        Object.fromEntries(
          range(30).map((index) => [
            `src/deadly${index}.ts`,
            `import express from 'express'\nexport default ${'['.repeat(50_000)}${']'.repeat(50_000)}`,
          ]),
        ),
      )
    },
  },
  {
    name: 'classes of NestJS in circles',
    build: (folder) =>
      write(folder, {
        'package.json': '{"dependencies":{"@nestjs/core":"11","@nestjs/common":"11"}}',
        'src/main.ts': `import { Module, Controller, Post, Body, UseGuards, Get } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
class A extends B { @IsString() a: A; @ValidateNested() @Type(() => B) b: B }
class B extends C { @ValidateNested() a: A[] }
class C extends A { c: PartialType(A) }
class D extends PartialType(D) { d: D }
@Injectable() class G extends H { canActivate(c) { return super.canActivate(c) } }
@Injectable() class H extends G { canActivate(c) { return this.canActivate(c) } }
@UseGuards(G) @Controller('x') class X extends Y { @Post() a(@Body() a: A, @Body() d: D) { return a } }
@UseGuards(H) @Controller('y') class Y extends X { @Get() b(@Query() b: B) { return b } }
@Module({ imports: [N, forwardRef(() => M)], controllers: [X, Y] }) class M {}
@Module({ imports: [M, N], providers: [{ provide: APP_GUARD, useClass: G }] }) class N {}
async function bootstrap() { const app = await NestFactory.create(M); app.useGlobalPipes(new ValidationPipe()); await app.listen(3000) }
bootstrap()
`,
      }),
  },
  {
    name: 'models of FastAPI and Flask in circles',
    build: (folder) =>
      write(folder, {
        'requirements.txt': 'fastapi\nflask\n',
        'app/main.py': `from fastapi import FastAPI, Depends, APIRouter
from pydantic import BaseModel
from flask import Flask, Blueprint
class A(B):
    a: "list[A]"
    b: "dict[str, B] | A"
class B(C):
    x: A
class C(A):
    pass
class S(BaseSettings, T):
    key: str = S().key
class T(S):
    pass
def d(a = Depends(e)): return a
def e(a = Depends(d)): return d(a)
r = APIRouter(dependencies=[Depends(d)])
r.include_router(r)
q = APIRouter()
r.include_router(q)
q.include_router(r)
app = FastAPI(dependencies=[Depends(e)])
app.include_router(r)
app.mount("/x", app)
@r.post("/a")
def a(a: A, b: B, s = Depends(S)): return a
@app.post("/login")
def login(a: C): return jwt.encode({"sub": a}, S().key)
f = Flask(__name__)
f.config.from_object(S)
b = Blueprint("b", __name__)
b.register_blueprint(b)
f.register_blueprint(b)
@b.route("/x", methods=["POST"])
@decorated
def x(): return x()
def decorated(f): return decorated(f)
`,
      }),
  },
  {
    name: 'schemas in circles',
    build: (folder) =>
      write(
        folder,
        signing(
          `import { z } from 'zod'
import Joi from 'joi'
const A = z.object({ a: z.lazy(() => A), b: B.array() }).strict()
const B = A.extend({ c: B }).merge(A).and(B).or(A)
${many(50, (index) => `const Z${index + 1} = z.object({ a: Z${index}, b: Z${index}.optional(), c: z.array(Z${index}) }).strict()\nconst J${index + 1} = Joi.object({ a: J${index}, b: J${index}.required(), c: Joi.array().items(J${index}, J${index}) })`)}
const Z0 = z.string().max(3)
const J0 = Joi.string().max(3)
const validate = (s) => (q, r, n) => { q.body = s.parse(q.body); n() }
app.post('/a', validate(A), (q, s) => s.json(B.parse(q.body)))
app.post('/z', validate(Z50), (q, s) => s.json(Z50.parse(q.body)))
app.post('/j', (q, s) => s.json(J50.validate(q.body)))
app.post('/k', (q, s) => s.json(J50.validate(q.body)))`,
          'process.env.KEY',
        ),
      ),
  },
  {
    name: 'choices that double',
    build: (folder) =>
      write(
        folder,
        signing(
          `const a0 = x ? 'a' : 'b'\n${many(50, (index) => `const a${index + 1} = x ? a${index} + 'a' : a${index} + 'b'`)}\nconst b0 = 'z'\n${many(200, (index) => `const b${index + 1} = x || b${index} || process.env.A${index}`)}\n${many(60, (index) => `const c${index} = y ? ${many(50, (each) => `z${each} ? 'v${index}_${each}' :`, ' ')} 'w'`)}`,
          `[a50, b200, ${many(60, (index) => `c${index}`, ', ')}, c0 + c1 + c2]`,
        ),
      ),
  },
  {
    name: 'calls that double',
    build: (folder) =>
      write(
        folder,
        signing(
          `const f0 = (x) => x\n${many(40, (index) => `const f${index + 1} = (x) => f${index}(f${index}(x)) + f${index}(x)`)}\nconst g = (x) => h(x) + h(x + 1)\nconst h = (x) => g(x) + g(x + 2)\nfunction k(x) { return k(k(x + 'a')) + k(x) }\nconst m = (n) => n < 2 ? n : m(n - 1) + m(n - 2)`,
          `f40('a') + g(1) + k('a') + m(90)`,
        ),
      ),
  },
  {
    name: 'functions that are called from everywhere',
    build: (folder) =>
      write(
        folder,
        signing(
          `${many(60, (index) => `export function handle${index}(a) { ${many(40, (each) => `handle${(index + each + 1) % 60}(a + ${each})`, '; ')}; jwt.sign({ a }, a, { expiresIn: a }); return a }`)}\n${many(60, (index) => `handle${index}(${index})`)}`,
          'handle0(1)',
        ),
      ),
  },
  {
    name: 'an object of a hundred thousand keys',
    build: (folder) =>
      write(
        folder,
        signing(
          `const a = { ${many(10_000, (index) => `k${index}: 'v${index}'`, ',')} }\nconst b = [${many(10_000, (index) => `'v${index}'`, ',')}]\nlet c = {}\n${many(3_000, (index) => `c.k${index} = 'v${index}'`)}`,
          '[a, b, c, a[x], { ...a, ...c }]',
        ),
      ),
  },
  {
    name: 'a hundred thousand keys over several files',
    build: (folder) =>
      write(folder, {
        ...signing(
          many(5, (index) => `import { a as a${index} } from './keys${index}'`),
          '{ ...a0, ...a1, ...a2, ...a3, ...a4 }.x',
        ),
        ...Object.fromEntries(
          range(5).map((file) => [
            `src/keys${file}.ts`,
            `export const a = { ${many(20_000, (index) => `k${file}_${index}: ''`, ',')} }`,
          ]),
        ),
      }),
  },
  {
    name: 'a name that is bound ten thousand times',
    build: (folder) =>
      write(
        folder,
        signing(
          `let a = 'x'\n${many(10_000, (index) => `a = a + 'y${index}'`)}\nlet o = {}\n${many(5_000, (index) => `o.x${index % 50} = o`)}`,
          '[a, o, o.x1]',
        ),
      ),
  },
  {
    name: 'a template of fifty thousand parts',
    build: (folder) =>
      write(
        folder,
        signing(
          `const a = \`${many(30_000, () => `$\{b}`, '')}\`\nconst c = ${many(15_000, (index) => `'a${index}'`, ' + ')}`,
          '[a, c]',
        ),
      ),
  },
  {
    name: 'imports in circles and in a long chain',
    build: (folder) =>
      write(folder, {
        ...signing(
          "import { a } from './m0'\nimport * as everything from './m0'",
          '[a, everything.b, everything.default]',
        ),
        ...Object.fromEntries(
          range(300).map((index) => [
            `src/m${index}.ts`,
            `export * from './m${(index + 1) % 300}'\nexport * from './m${(index + 7) % 300}'\nexport * from './m${(index + 31) % 300}'\nexport { a } from './m${(index + 1) % 300}'\nexport { default } from './m${(index + 3) % 300}'\n`,
          ]),
        ),
        ...Object.fromEntries(
          range(300).map((index) => [
            `app/p${index}.py`,
            `from fastapi import FastAPI\nfrom .p${(index + 1) % 300} import *\nfrom .p${(index + 7) % 300} import *\nfrom .p${(index + 3) % 300} import a\napp = FastAPI(docs_url=zzz)\n`,
          ]),
        ),
      }),
  },
  {
    name: 'classes in circles',
    build: (folder) =>
      write(
        folder,
        signing(
          `class A extends B { x = this.y; y = this.x; get z() { return this.z } }\nclass B extends C {}\nclass C extends A {}\n${many(60, (index) => `class D${index} extends D${index + 1} { m() { return super.m() + this.m() + new D${index + 1}().m() } }`)}`,
          'new A().x + new A().q + new D0().m()',
        ),
      ),
  },
  {
    name: 'Python that doubles',
    build: (folder) =>
      write(folder, {
        'requirements.txt': 'fastapi\npyjwt\n',
        'app/main.py': `import jwt\nfrom fastapi import FastAPI, Depends\nfrom pydantic import BaseModel\napp = FastAPI()\na0 = "${'a'.repeat(64)}"\n${many(50, (index) => `a${index + 1} = a${index} + a${index}`)}\nb0 = f"{x}b"\n${many(50, (index) => `b${index + 1} = f"{b${index}}{b${index}}"`)}\nc = "a" * 10**12\nd = 10 ** 10 ** 10\ne = [0] * 10**12\n${many(40, (index) => `def f${index}(x): return f${index + 1}(f${index + 1}(x)) + f${index + 1}(x)`)}\nclass A(B):\n    x: "A"\nclass B(A):\n    y: A\n${many(40, (index) => `def d${index}(a = Depends(d${index + 1}), b = Depends(d${index + 1})): return a`)}\n@app.post("/login")\ndef login(a: A, b = Depends(d0)):\n    return jwt.encode({"exp": f0(1), "a": c}, a50 + b50, d)\n`,
      }),
  },
  {
    name: 'ten thousand routes',
    build: (folder) =>
      write(
        folder,
        signing(
          `const app2 = express()\n${many(5_000, (index) => `app2.get('/r${index}/:id', (q, s) => s.json(q.body.a${index}))`)}`,
          'process.env.KEY',
        ),
      ),
  },
  {
    name: 'a thousand middlewares in a circle, each with a way out',
    build: (folder) =>
      write(
        folder,
        signing(
          `const app2 = express()\n${many(1_000, (index) => `const m${index} = (q, s, n) => { if (!q.headers.authorization) return s.status(401).end(); m${(index + 1) % 1_000}(q, s, n) }\napp2.use(m${index})\napp2.get('/r${index}', m${index}, m${(index * 3) % 1_000}, (q, s) => s.json(q.query))`)}`,
          'process.env.KEY',
        ),
      ),
  },
  {
    name: 'two thousand plugins that sign, and two thousand signatures',
    build: (folder) =>
      write(folder, {
        'package.json': '{"dependencies":{"fastify":"5","@fastify/jwt":"9"}}',
        'src/app.js': `import Fastify from 'fastify'\nimport jwt from '@fastify/jwt'\nconst app = Fastify()\n${many(2_000, (index) => `app.register(jwt, { secret: 'Zkq${index}xW8vT3rLp' })`)}\n${many(2_000, (index) => `app.post('/r${index}', async (q, r) => app.jwt.sign({ sub: q.body.a }, { expiresIn: '9d' }))`)}`,
      }),
  },
  {
    name: 'routers inside routers',
    build: (folder) =>
      write(
        folder,
        signing(
          `const r0 = express.Router()\nr0.get('/x', (q, s) => s.json(q.body))\n${many(40, (index) => `const r${index + 1} = express.Router()\nr${index + 1}.use('/a', r${index})\nr${index + 1}.use('/b', r${index})`)}\nconst loop = express.Router()\nloop.use('/l', loop)`,
          'process.env.KEY',
        ),
      ),
  },
]
