/** Of this connection, not of the request (RFC 9110 §7.6.1), or written anew by whoever sends it on. */
export const HOP = [
  ...[
    'connection',
    'keep-alive',
    'proxy-connection',
    'transfer-encoding',
    'te',
    'trailer',
    'upgrade',
    'http2-settings',
  ],
  ...['proxy-authenticate', 'proxy-authorization', 'proxy-authentication-info'],
]

/** What a client may not tell the upstream: who and where it is, and that the request is another than the one that was judged. */
const CLAIMS = [
  ...['host', 'content-length', 'content-type', 'expect', 'authorization'],
  ...[
    'forwarded',
    'via',
    'x-real-ip',
    'x-client-ip',
    'client-ip',
    'true-client-ip',
    'cf-connecting-ip',
    'fastly-client-ip',
  ],
  ...[
    'x-cluster-client-ip',
    'x-original-url',
    'x-original-uri',
    'x-rewrite-url',
    'x-host',
    'x-original-host',
    'x-url-scheme',
  ],
  ...['x-scheme', 'front-end-https', 'x-http-method', 'x-http-method-override', 'x-method-override', 'remote-user'],
  ...['x-remote-user', 'x-authenticated-user', 'x-middleware-subrequest', 'proxy', 'x-script-name', 'script-name'],
]
const CLAIM_PREFIXES = [
  'portcullis-',
  'x-portcullis-',
  'x-forwarded-',
  'x-auth-request-',
  'x-envoy-',
  'x-ssl-',
  'ssl-client-',
]

/**
 * The same in words of some proxies and frameworks alone (Azure, AWS, Google, Cloudflare, Fly, Vercel, Netlify, WebLogic, Grafana, Authelia, Authentik, Pomerium,
 * Kong, Linkerd, Istio, Kubernetes, Kubeflow, Teleport, Tailscale, Shibboleth, SiteMinder, WebSEAL, Oracle, mod_auth_openidc, Next.js, Rack, nginx, and
 * RFC 9440 for whoever ends TLS), and in those that applications make up behind one. An operation that describes one of them takes it as it takes any field.
 */
const FOREIGN_CLAIMS = new Set([
  ...['x-original-forwarded-for', 'x-forward-for', 'forwarded-for', 'x-forwarded', 'wl-proxy-client-ip'],
  ...['x-azure-clientip', 'x-sendfile-type', 'x-matched-path', 'x-original-method', 'fly-client-ip'],
  ...['do-connecting-ip', 'cf-connecting-ipv6', 'cf-pseudo-ipv4', 'x-nf-client-connection-ip', 'x-jwt-assertion'],
  ...['x-endpoint-api-userinfo', 'x-apigateway-api-userinfo', 'x-authenticated-userid', 'x-anonymous-consumer'],
  ...['x-user', 'x-user-id', 'x-userid', 'x-user-name', 'x-username', 'x-user-email', 'x-user-role', 'x-user-roles'],
  ...['x-user-groups', 'x-role', 'x-roles', 'x-groups', 'x-userinfo', 'x-subject', 'x-arr-clientcert'],
  ...['x-amzn-request-context', 'x-amzn-lambda-context', 'proxy-client-ip', 'x-originating-ip', 'x-proxyuser-ip'],
  ...['x-client-dn', 'x-client-s-dn', 'x-client-verify', 'x-current-user', 'x-auth-user', 'x-auth-user-id'],
  ...['x-auth-username', 'x-auth-email', 'x-auth-role', 'x-auth-roles', 'x-auth-group', 'x-auth-groups'],
  ...['iv-user', 'iv-groups', 'iv-creds'],
])
const FOREIGN_PREFIXES = [
  ...['x-ms-client-principal', 'x-amzn-oidc-', 'x-goog-iap-', 'x-goog-authenticated-user-', 'cf-access-'],
  ...['x-webauth-', 'remote-', 'x-client-cert', 'x-accel-', 'x-invoke-', 'x-appengine-', 'x-authentik-', 'x-pomerium-'],
  ...['x-consumer-', 'x-credential-', 'x-vercel-', 'x-vouch-', 'oidc-', 'tailscale-', 'l5d-', 'client-cert'],
  ...['x-amzn-mtls-', 'x-ms-token-', 'shib-', 'mellon-', 'x-remote-', 'x-jwt-claim', 'sm-user', 'sm-universalid'],
  ...['oam-', 'kubeflow-', 'teleport-jwt-'],
]

/** A name in lower case, as WSGI, CGI and PHP read it: X_Forwarded_For and X.Forwarded.For as X-Forwarded-For. */
export const spelledPlainly = (name: string): string =>
  /^[a-z0-9-]+$/.test(name) ? name : name.replaceAll(/[^a-z0-9]/g, '-')

/** Whether a field, spelled plainly, is one of them. */
export const isForeign = (read: string): boolean =>
  FOREIGN_CLAIMS.has(read) || FOREIGN_PREFIXES.some((prefix) => read.startsWith(prefix))

const TAKEN_OUT = new Set([...HOP, ...CLAIMS])

/** Whether a field, spelled plainly, never reaches the upstream as a client sent it, whatever its operation describes. */
export const isTakenOut = (read: string): boolean =>
  TAKEN_OUT.has(read) || CLAIM_PREFIXES.some((prefix) => read.startsWith(prefix))
