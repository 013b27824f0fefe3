/** How the project says that it is run, and whether anything in it says that this is production. */
import type { Project } from '../../project/index.ts'
import { type Settings, startsServer } from '../../settings/index.ts'
import type { Deployment } from '../reading.ts'

/** What stands beside a backend: databases, proxies, pages. An option alone is one of an image that is somebody else's. */
const OTHERS =
  /^-|^(?:.*\/)?(?:nginx(?:-debug)?|redis-server|valkey-server|postgres|mysqld?|mariadbd?|mongod|mongos|rabbitmq-server|memcached|minio|caddy|traefik|haproxy|envoy|certbot|cloudflared|httpd(?:-foreground)?|apache2-foreground|serve|http-server|celery|prometheus)$/

export const deploymentOf = (settings: Settings, project: Project): Deployment => {
  const started = settings.commands.filter(
    (one) =>
      !one.development &&
      one.role === 'program' &&
      /^(?:image|procfile|service|compose|platform)$/.test(one.kind) &&
      !OTHERS.test(one.argv[0] ?? ''),
  )
  const start = started.find(({ argv }) => startsServer(argv)) ?? started[0]
  const production = inSettings(settings) || inFiles(project) || inScripts(project, start !== undefined)
  return {
    ...(start === undefined ? {} : { start: { file: start.file, line: start.line, text: start.text.slice(0, 200) } }),
    production,
  }
}

const MANIFEST = /(?:^|\/)package\.json$/
const PLATFORM =
  /(?:^|\/)(?:ecosystem|pm2|process|render|fly|vercel|app|nixpacks|netlify|railway)[\w.]*\.(?:c?js|json|ya?ml|toml)$|\.sh$/
const SETS = /NODE_ENV['"]?\s{0,5}[:= ]\s{0,5}['"]?production/

const inSettings = ({ env }: Settings): boolean =>
  env.some(
    (one) =>
      one.name === 'NODE_ENV' && one.value === 'production' && one.role !== 'example' && !MANIFEST.test(one.file),
  )

/** Dockerfile, compose, ecosystem.config.js, fly.toml … however each writes it. */
const inFiles = (project: Project): boolean =>
  project.files.some(
    (one) =>
      (one.kind === 'settings' || PLATFORM.test(one.path)) &&
      !MANIFEST.test(one.path) &&
      one.size < 100_000 &&
      SETS.test(project.read(one.path) ?? ''),
  )

/**
 * A script that sets it counts where it is run. Without an image or the like anybody may run it; an image that runs `node
 * dist/main.js` does not run `start:prod` beside it.
 */
const inScripts = (project: Project, started: boolean): boolean =>
  project.files.some(({ path, size }) => {
    if (!MANIFEST.test(path) || size > 100_000) return false
    const text = project.read(path) ?? ''
    if (!SETS.test(text)) return false
    const scripts = scriptsOf(text)
    const setting = throughOthers(scripts)
    // `npm start` is what platforms run that are told nothing.
    return (
      !started || scripts === undefined || setting.has('start') || [...setting].some((name) => isRun(project, name))
    )
  })

const scriptsOf = (manifest: string): ReadonlyMap<string, string> | undefined => {
  try {
    const { scripts } = Object(JSON.parse(manifest)) as { scripts?: unknown }
    return new Map(
      Object.entries(Object(scripts)).flatMap(([name, line]) => (typeof line === 'string' ? [[name, line]] : [])),
    )
  } catch {
    return
  }
}

/** The scripts that set it, and those that run one of them: `start` of `npm run serve`. */
const throughOthers = (scripts: ReadonlyMap<string, string> = new Map()): ReadonlySet<string> => {
  const setting = new Set([...scripts].flatMap(([name, line]) => (SETS.test(line) ? [name] : [])))
  for (let before = -1; before !== setting.size; ) {
    before = setting.size
    for (const [name, line] of scripts) if ([...setting].some((one) => runs(line, one))) setting.add(name)
  }
  return setting
}

/** Whether an image, a compose file, a Procfile or a shell script runs a script of the manifest. */
const isRun = (project: Project, name: string): boolean =>
  project.files.some(
    (one) =>
      one.role === 'program' &&
      (one.kind === 'settings' || PLATFORM.test(one.path)) &&
      !MANIFEST.test(one.path) &&
      !/^\.github\//.test(one.path) &&
      one.size < 100_000 &&
      runs(project.read(one.path) ?? '', name),
  )

/** `npm run start:prod`, `yarn start:prod`, `["npm", "run", "start:prod"]`, `pm2 start npm -- run start:prod`. */
const runs = (text: string, name: string): boolean => {
  const plain = text.replaceAll(/["',[\]]/g, ' ')
  let from = plain.indexOf(name)
  for (; from !== -1; from = plain.indexOf(name, from + 1))
    if (
      /\b(?:npm|yarn|pnpm|bun)(?:\s+(?:run|run-script|--|-\S+))*\s+$/.test(plain.slice(Math.max(0, from - 80), from)) &&
      !/^[\w:.-]/.test(plain.slice(from + name.length))
    )
      return true
  return false
}
