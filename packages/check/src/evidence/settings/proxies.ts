/** Signs that the backend stands behind a proxy, outside of compose. One for each kind in a file. */
import type { ProxyKind, ProxySign } from './facts.ts'

const BY_NAME: readonly [RegExp, ProxyKind][] = [
  [/(?:^|\/)procfile$/i, 'heroku'],
  [/(?:^|\/)(?:heroku\.yml|app\.json)$/i, 'heroku'],
  [/(?:^|\/)fly\.toml$/i, 'fly'],
  [/(?:^|\/)wrangler\.(?:toml|jsonc?)$/i, 'cloudflare'],
  [/(?:^|\/)(?:render\.ya?ml|railway\.(?:json|toml)|vercel\.json|app\.ya?ml)$/i, 'platform'],
]

const BY_TEXT: readonly { readonly file: RegExp; readonly text: RegExp; readonly kind: ProxyKind }[] = [
  { file: /nginx|\.conf(?:\.template)?$/i, text: /^\s*(?:proxy_pass|uwsgi_pass|upstream)\s/, kind: 'nginx' },
  { file: /(?:^|\/)caddyfile/i, text: /^\s*reverse_proxy\s/, kind: 'caddy' },
  { file: /haproxy.*\.cfg$/i, text: /^\s*(?:backend|frontend)\s/, kind: 'haproxy' },
  { file: /traefik.*\.(?:ya?ml|toml)$/i, text: /^\s*\[?(?:entryPoints|providers|http\.routers)/, kind: 'traefik' },
  {
    file: /\.ya?ml$/i,
    text: /^kind:\s{0,5}["']?(?:Ingress|IngressRoute|HTTPRoute|Gateway|VirtualService)\b/,
    kind: 'kubernetes',
  },
  {
    file: /\.(?:ya?ml|tf|json)$/i,
    text: /"aws_(?:lb|alb)"|AWS::ElasticLoadBalancing|alb\.ingress\.kubernetes\.io|service\.beta\.kubernetes\.io\/aws-load-balancer/,
    kind: 'alb',
  },
]

/** Whether the file could be one at all, by its name. */
export const mayBeProxy = (file: string): boolean =>
  BY_NAME.some(([pattern]) => pattern.test(file)) || BY_TEXT.some((one) => one.file.test(file))

/** A Heroku app.json says buildpacks or formation; other tools have files of the same name. */
const isHeroku = (file: string, text: string): boolean =>
  !file.endsWith('app.json') || /"(?:buildpacks|formation|addons|stack|env)"/.test(text)

export const proxySigns = (text: string, file: string): readonly ProxySign[] => {
  const named = BY_NAME.find(([pattern]) => pattern.test(file))?.[1]
  const signs: ProxySign[] = named === undefined || !isHeroku(file, text) ? [] : [{ kind: named, file, line: 1 }]
  const patterns = BY_TEXT.filter((one) => one.file.test(file))
  if (patterns.length === 0) return signs
  text.split('\n').forEach((line, index) => {
    if (line.length > 2_000) return
    for (const { text: pattern, kind } of patterns)
      if (pattern.test(line) && !signs.some((sign) => sign.kind === kind)) signs.push({ kind, file, line: index + 1 })
  })
  return signs
}
