import { express, table } from './judged.ts'

const app = express("app.get('/x', x)")
const image = (command: string) => ({ ...app, Dockerfile: `FROM node:24\nCMD ${command}\n` })

table('unsafe-deployment', [
  [
    'passes: it is run as it is',
    image('["node", "src/app.ts"]'),
    ['pass (1 start command read): No reloading server, no trust of any proxy, no tracked .env.'],
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
    'fails: any proxy is trusted',
    image('["uvicorn", "main:app", "--forwarded-allow-ips=*"]'),
    ['fail Dockerfile:2: The image trusts any proxy.'],
  ],
  [
    'passes: development may reload',
    { ...app, 'Dockerfile.dev': 'FROM node:24\nCMD ["nodemon", "src/app.ts"]\n' },
    ['pass (0 start commands read): No reloading server, no trust of any proxy, no tracked .env.'],
  ],
  [
    'passes: a script for whoever develops',
    { ...app, 'package.json': '{"scripts":{"dev":"nodemon src/app.ts"}}' },
    ['pass (0 start commands read): No reloading server, no trust of any proxy, no tracked .env.'],
  ],
  [
    'passes: a start script is not read, and that is said',
    { ...app, 'package.json': '{"scripts":{"start":"node src/app.ts"}}' },
    ['pass (0 start commands read; npm scripts are not): No reloading server, no trust of any proxy, no tracked .env.'],
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
    ['pass (0 start commands read): No reloading server, no trust of any proxy, no tracked .env.'],
    { tracked: ['src/app.ts'] },
  ],
  [
    'passes: an example sets nothing',
    { ...app, '.env.example': 'KEY=abc\n' },
    ['pass (0 start commands read): No reloading server, no trust of any proxy, no tracked .env.'],
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
    ['pass (1 start command read): No reloading server, no trust of any proxy, no tracked .env.'],
  ],
  [
    'fails: settings that are in git, without a source file',
    { '.env': 'KEY=abc\n' },
    ['fail .env:1: .env is in git.'],
    { tracked: ['.env'] },
  ],
])
