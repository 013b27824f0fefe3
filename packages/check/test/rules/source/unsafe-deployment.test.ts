import { express, table } from './judged.ts'

type Row = Parameters<typeof table>[1][number]

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
    'fails: any proxy is trusted, in two words of a list',
    image('["uvicorn", "main:app", "--proxy-headers", "--forwarded-allow-ips", "*"]'),
    ['fail Dockerfile:2: The image trusts any proxy.'],
  ],
  [
    'fails: a framework that is started for development',
    image('["fastapi", "dev", "main.py"]'),
    ['fail Dockerfile:2: The image runs the reloading server.'],
  ],
  [
    'fails: what a Procfile starts is said to be the Procfile',
    { ...app, Procfile: 'web: uvicorn main:app --reload\n' },
    ['fail Procfile:1: The Procfile runs the reloading server.'],
  ],
  ...(
    [
      ['render.yaml', 'services:\n  - type: web\n    startCommand: uvicorn main:app --reload\n', 3],
      ['render.yaml', 'services:\n  - type: web\n    startCommand: >-\n      uvicorn main:app --reload\n', 4],
      ['fly.toml', 'app = "notes"\n\n[processes]\n  web = "npx nodemon src/app.ts"\n', 4],
      ['fly.staging.toml', '[experimental]\ncmd = ["node", "--watch", "src/app.ts"]\n', 2],
      ['railway.json', '{\n  "deploy": { "startCommand": "nodemon src/app.ts" }\n}\n', 2],
      ['railway.toml', '[deploy]\nstartCommand = "nodemon src/app.ts"\n', 2],
      ['nixpacks.toml', "[start]\ncmd = 'fastapi dev main.py'\n", 2],
      ['heroku.yml', 'build:\n  docker:\n    web: Dockerfile\nrun:\n  web: flask --app main run --debug\n', 5],
      ['app.yaml', 'runtime: nodejs22\nentrypoint: node --watch src/app.ts\n', 2],
      ['.do/app.yaml', 'services:\n- name: api\n  run_command: npx ts-node-dev src/app.ts\n', 3],
    ] as const
  ).map(
    ([file, text, line]): Row => [
      `fails: ${file}: ${text.split('\n')[line - 1]?.trim()}`,
      { ...app, [file]: text },
      [`fail ${file}:${line}: The platform runs the reloading server.`],
    ],
  ),
  ...(
    [
      ['npm run dev', 'package.json', '{"scripts":{"dev":"nodemon src/app.ts"}}', 1],
      ['yarn start', 'package.json', '{"scripts":{"start":"yarn serve","serve":"node --watch src/app.ts"}}', 1],
      ['["/app/entrypoint.sh", "start"]', 'docker/entrypoint.sh', 'set -e\nexec uvicorn main:app --reload\n', 2],
    ] as const
  ).map(
    ([command, file, text, line]): Row => [
      `fails: an image that runs ${file}: ${command}`,
      { ...image(command), [file]: text },
      [`fail Dockerfile:2 ${file}:${line}: The image runs the reloading server.`],
    ],
  ),
  [
    'fails: a script that Compose runs trusts any proxy',
    {
      ...app,
      'compose.yml': 'services:\n  app:\n    build: .\n    command:\n      - scripts/serve.sh\n',
      'scripts/serve.sh': 'gunicorn --forwarded-allow-ips "*" main:app\n',
    },
    ['fail compose.yml:5 scripts/serve.sh:1: The compose file trusts any proxy.'],
  ],
  [
    'passes: a script that reloads where it is told to, and one that nobody runs',
    {
      ...image('["./start.sh"]'),
      'start.sh': 'if [ "$DEV" ]; then\n  uvicorn main:app --reload\nelse\n  uvicorn main:app\nfi\n',
      'watch.sh': 'uvicorn main:app --reload\n',
    },
    ['pass (1 start command read): The start command neither reloads nor trusts any proxy; no .env is in git.'],
  ],
  [
    'passes: a start script that an image runs is read',
    { ...image('npm start'), 'package.json': '{"scripts":{"start":"node src/app.ts"}}' },
    ['pass (1 start command read): The start command neither reloads nor trusts any proxy; no .env is in git.'],
  ],
  [
    'passes: what a platform starts, and what another part of its file says',
    {
      ...app,
      'render.yaml': 'services:\n  - type: web\n    buildCommand: npm ci\n    startCommand: node src/app.ts\n',
      'fly.toml': '[build]\n  watch = "nodemon"\n[processes]\n  web = "node src/app.ts"\n[[vm]]\n  size = "x"\n',
    },
    ['pass (2 start commands read): The start commands neither reload nor trust any proxy; no .env is in git.'],
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
