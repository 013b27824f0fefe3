import { express, table } from './judged.ts'

const app = express("app.get('/x', x)")
const image = (command: string) => ({ ...app, Dockerfile: `FROM node:24\nCMD ${command}\n` })

table('unsafe-deployment', [
  [
    'passes: it is run as it is',
    image('["node", "src/app.ts"]'),
    ['pass (1 start command read): The start command neither reloads nor trusts any proxy; no .env is in git.'],
  ],
  [
    'fails: the reloading server',
    image('["nodemon", "src/app.ts"]'),
    ['fail Dockerfile:2: The image runs the reloading server.'],
  ],
  [
    'fails: node itself reloads',
    image('["node", "--watch", "src/app.ts"]'),
    ['fail Dockerfile:2: The image runs the reloading server.'],
  ],
  [
    'fails: what a Procfile starts is said to be the Procfile',
    { ...app, Procfile: 'web: uvicorn main:app --reload\n' },
    ['fail Procfile:1: The Procfile runs the reloading server.'],
  ],
  [
    'passes: two commands',
    { ...app, Procfile: 'web: node src/app.ts\nworker: node src/app.ts\n' },
    ['pass (2 start commands read): The start commands neither reload nor trust any proxy; no .env is in git.'],
  ],
  [
    'fails: any proxy is trusted',
    image('["uvicorn", "main:app", "--forwarded-allow-ips=*"]'),
    ['fail Dockerfile:2: The image trusts any proxy.'],
  ],
  [
    'passes: development may reload',
    { ...app, 'Dockerfile.dev': 'FROM node:24\nCMD ["nodemon", "src/app.ts"]\n' },
    ['pass (0 start commands read): No start command was found, so none was judged; no .env is in git.'],
  ],
  [
    'passes: a script for whoever develops',
    { ...app, 'package.json': '{"scripts":{"dev":"nodemon src/app.ts"}}' },
    ['pass (0 start commands read): No start command was found, so none was judged; no .env is in git.'],
  ],
  [
    'passes: a start script is not read, and that is said',
    { ...app, 'package.json': '{"scripts":{"start":"node src/app.ts"}}' },
    [
      'pass (0 start commands read; npm scripts are not): No start command was found, so none was judged; no .env is in git.',
    ],
  ],
  [
    'fails: settings are in git',
    { ...app, '.env': 'KEY=abc\n' },
    ['fail .env:1: .env is in git.'],
    { tracked: ['.env'] },
  ],
  [
    'passes: settings are beside git',
    { ...app, '.env': 'KEY=abc\n' },
    ['pass (0 start commands read): No start command was found, so none was judged; no .env is in git.'],
    { tracked: ['src/app.ts'] },
  ],
  [
    'passes: an example sets nothing',
    { ...app, '.env.example': 'KEY=abc\n' },
    ['pass (0 start commands read): No start command was found, so none was judged; no .env is in git.'],
    { tracked: ['.env.example'] },
  ],
  [
    'not applicable: an empty folder',
    {},
    ['not-applicable (0 start commands and 0 files read): No backend was found.'],
  ],
  [
    'not applicable: documents',
    { 'README.md': '# Notes' },
    ['not-applicable (0 start commands and 0 files read): No backend was found.'],
  ],
  [
    'passes: an image without a source file',
    { Dockerfile: 'FROM nginx\nCMD ["nginx"]\n' },
    ['pass (1 start command read): The start command neither reloads nor trusts any proxy; no .env is in git.'],
  ],
  [
    'fails: settings that are in git, without a source file',
    { '.env': 'KEY=abc\n' },
    ['fail .env:1: .env is in git.'],
    { tracked: ['.env'] },
  ],
])
