/** Keys that are in tutorials, templates and examples, and what people make of them. */
const STEMS =
  `secret secretkey secret-key secret_key my-secret my_secret mysecret mysecretkey my-secret-key my_secret_key jwt jwtsecret
jwt-secret jwt_secret jwtsecretkey jwt-secret-key jwt_secret_key jwtkey jwt-key jwt_key myjwtsecret my-jwt-secret supersecret super-secret
super_secret supersecretkey super-secret-key super_secret_key supersecretjwtkey topsecret top-secret top_secret verysecret very-secret
verysecretkey your-secret your_secret yoursecret yoursecretkey your-secret-key your_secret_key your-jwt-secret your_jwt_secret
your_jwt_secret_key your-jwt-secret-key your-super-secret-key your-super-secret-jwt-key thisisasecret this-is-a-secret thisismysecret
this_is_my_secret thisisasamplesecret changeme change-me change_me changethis change-this change_this changeit change-it please-change-me
please_change_me replaceme replace-me replace_me changeme-secret change-me-in-production changeme_in_production key private privatekey
private-key private_key publickey password passwd pass p@ssw0rd passw0rd password1 password123 admin admin123 root toor test testing tests
testsecret test-secret test_secret testkey test-key test_key dev development devsecret dev-secret dev_secret dev-key prod production default
default-secret defaultsecret default_secret_key example examplekey example-secret example_secret sample demo demosecret token tokensecret
token-secret token_secret access accesssecret access-secret access_secret access_token_secret accesstokensecret auth authsecret auth-secret
auth_secret session sessionsecret session-secret session_secret app appsecret app-secret app_secret api apikey api-key api_key apisecret
api-secret api_secret server server-secret backend cookie-secret cookiesecret keyboardcat conduit realworld node nodejs express nestjs nest
fastify hono fastapi flask django flask-secret django-insecure hs256 hs512 hmac signature signing-key signingkey sign hello helloworld
hello-world foo bar foobar foobarbaz qux abc abc123 abcd1234 qwerty qwerty123 letmein welcome iloveyou monkey dragon shhh shhhh shhhhh
shhhhhared-secret random randomstring random-string random_string somesecret some-secret some_secret somethingsecret asecret a-secret
notsecret not-secret not-so-secret insecure insecure-secret hardcoded unsafe none null undefined true false string secretstring
secret-string secretvalue 0 1 123 1234 12345 123456 1234567 12345678 123456789 1234567890 0123456789 xxx xxxx xxxxxxxx`.split(
    /\s+/,
  )

const PHRASES = [
  '',
  'your-256-bit-secret',
  'your-384-bit-secret',
  'your-512-bit-secret',
  'a-string-secret-at-least-256-bits-long',
  'a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long',
  'keyboard cat',
  'secret key',
  'my secret',
  'my secret key',
  'super secret',
  'super secret key',
  'top secret',
  'this is a secret',
  'this is my secret',
  'this_is_a_secret_key',
  'the-secret-key',
  'i-am-secret',
  'DO NOT USE THIS VALUE. INSTEAD, CREATE A COMPLEX SECRET AND KEEP IT SAFE OUTSIDE OF THE SOURCE CODE.',
  'thisisasecretkeythatshouldbechanged',
  'please-change-this-secret-in-production',
  'change-this-secret-in-production',
  'super-secret-key-change-in-production',
  'your-secret-key-change-in-production',
  'your-secret-key-here',
  'your_secret_key_here',
  'your-jwt-secret-key-here',
  'my_super_secret_key',
  '00000000000000000000000000000000',
  '01234567890123456789012345678901',
  '12345678901234567890123456789012',
] as const

/** What people make of their project's name. */
const named = (name: string): readonly string[] => {
  const word = name
    .toLowerCase()
    .replace(/[^\da-z]+/g, '-')
    .replace(/^-|-$/g, '')
  if (word === '') return []
  const joins = [word, word.replaceAll('-', '_'), word.replaceAll('-', '')]
  return [
    name,
    ...joins.flatMap((one) => [
      one,
      `${one}-secret`,
      `${one}_secret`,
      `${one}secret`,
      `${one}-secret-key`,
      `${one}_secret_key`,
    ]),
  ]
}

/** The list, in lower and upper case and with a capital, and what could be made of those names. */
export const wordsFor = (names: readonly string[]): readonly string[] => [
  ...new Set([
    ...PHRASES,
    ...STEMS,
    ...STEMS.map((word) => word.toUpperCase()),
    ...STEMS.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)),
    ...STEMS.flatMap((word) => [`${word}!`, `${word}123`]),
    ...names.flatMap(named),
  ]),
]
