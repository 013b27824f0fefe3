/** Domains below which anybody may have a name: what ends so need not be the program's own. */
const SHARED = new Set(
  `amazonaws.com amplifyapp.com appspot.com azurestaticapps.net azurewebsites.net cloudfront.net csb.app deno.dev firebaseapp.com
  fly.dev github.io gitlab.io glitch.me herokuapp.com lovable.app netlify.app ngrok-free.app ngrok.app ngrok.io now.sh onrender.com
  pages.dev railway.app repl.co replit.app run.app surge.sh up.railway.app vercel.app web.app workers.dev`.split(/\s+/),
)

/** `.vercel.app`, which `https://evil.vercel.app` ends with too. */
export const isShared = (ending: string): boolean => ending.startsWith('.') && SHARED.has(ending.slice(1))

/** Longer than any domain: a pattern may be hostile. */
const LONGEST = 120

/** A pattern that takes any name right before such a domain: `^https://.*\.vercel\.app$`, and not `--mine\.netlify\.app$`. */
export const takesShared = (source: string): boolean => {
  const [, before = '', domain = ''] = /^(.*?)((?:[a-z0-9-]+\\\.)+[a-z]+)\$$/.exec(source.slice(-LONGEST)) ?? []
  return SHARED.has(domain.replaceAll('\\.', '.')) && /[*+}]\)*\??(?:\\\.\)?[*+?]?)?$/.test(before)
}
