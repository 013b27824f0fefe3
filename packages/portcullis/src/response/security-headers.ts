/**
 * The header fields of every answer, made once. ASVS 3.4, OWASP Secure Headers. A handler that serves a page sets its own
 * Content-Security-Policy; an API needs none of what a policy can allow.
 */
export const securityHeaders: Readonly<Record<string, string>> = Object.freeze({
  // Answers depend on who asks: neither a proxy nor the browser's history may keep one (RFC 9111 §5.2.2.5).
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  // Ignored by browsers over http (RFC 6797 §8.1), so it is safe to send from behind a proxy that ends TLS.
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
})
