/** Packages that are given secrets, by whom they come from: each option or argument as its documentation calls it. */

export interface Sink {
  readonly from: RegExp
  /** The calls that it is given to, by their last name; without them, any. */
  readonly calls?: RegExp
  /** Options and keywords that hold it, however deep they stand; */
  readonly options?: RegExp
  /** or the argument of that number. */
  readonly arg?: number
}

const CONNECTS =
  /^(?:Pool|Client|Connection|ConnectionPool|Redis|StrictRedis|Cluster|Sequelize|DataSource|MongoClient|AsyncIOMotorClient|ThreadedConnectionPool|SimpleConnectionPool|create_?(?:Pool|Connection|Client|Cluster)|connect|forRoot(?:Async)?|register(?:Async)?|init|default|config|\w*(?:knex|postgres|mysql|redis|mongo|database|db)\w*)$/i

export const SINKS: readonly Sink[] = [
  // Sessions and cookies.
  { from: /^(?:express-session|koa-session|cookie-session)$/, options: /^(?:secret|keys)$/ },
  { from: /^@fastify\/(?:cookie|session|secure-session)$/, options: /^(?:secret|key)$/ },
  { from: /^cookie-parser$/, arg: 0 },
  { from: /^iron-session/, options: /^password$/ },
  { from: /^csrf-csrf$/, options: /^getSecret$/ },
  { from: /^hono-sessions$/, options: /^encryptionKey$/ },
  { from: /^hono\/cookie$/, calls: /^setSignedCookie$/, arg: 3 },
  { from: /^(?:fastapi|starlette)/, options: /^secret_key$/ },
  // Tokens, and logins of others.
  { from: /^@nestjs\/jwt$/, options: /^(?:secret|privateKey)$/ },
  { from: /^jose$/, calls: /^importJWK$/, options: /^[kd]$/ },
  { from: /^(?:better-auth|next-auth|@auth\/)/, options: /^(?:secret|clientSecret)$/ },
  { from: /^passport-/, options: /^(?:clientSecret|consumerSecret)$/ },
  { from: /^(?:@fastify\/oauth2|simple-oauth2)$/, options: /^secret$/ },
  { from: /^authlib/, options: /^client_secret$/ },
  { from: /^hono\/bearer-auth$/, options: /^token$/ },
  { from: /^(?:hono\/basic-auth|express-basic-auth)$/, options: /^(?:password|users)$/ },
  // What signs and encrypts.
  { from: /^crypto$/, calls: /^create(?:Hmac|Cipheriv)$/, arg: 1 },
  { from: /^hmac$/, calls: /^new$/, arg: 0 },
  { from: /^itsdangerous$/, calls: /^(?:URLSafe(?:Timed)?Serializer|(?:Timestamp)?Signer)$/, arg: 0 },
  { from: /^cryptography/, calls: /^Fernet$/, arg: 0 },
  // Databases and caches.
  {
    from: /^(?:pg|postgres|mysql2?(?:\/promise)?|mariadb|mssql|mongodb|mongoose|ioredis|redis|@redis\/client|knex|typeorm|sequelize(?:-typescript)?|@nestjs\/(?:typeorm|sequelize|mongoose|bullmq?|cache-manager)|bullmq?|@mikro-orm\/|@fastify\/(?:postgres|mysql|redis|mongodb))/,
    calls: CONNECTS,
    options: /^(?:password|pass)$/,
  },
  {
    from: /^(?:psycopg2?|asyncpg|pymysql|MySQLdb|mysql|aiomysql|redis|pymongo|motor)(?:\.|$)/,
    calls: CONNECTS,
    options: /^(?:password|passwd)$/,
  },
  { from: /^sequelize/, calls: /^Sequelize$/, arg: 2 },
  // Mail, and what others host.
  { from: /^(?:nodemailer|@nestjs-modules\/mailer)$/, options: /^(?:pass|clientSecret)$/ },
  { from: /^smtplib$/, calls: /^login$/, arg: 1 },
  { from: /^@sendgrid\//, calls: /^setApiKey$/, arg: 0 },
  { from: /^(?:@aws-sdk\/|aws-sdk)/, options: /^secretAccessKey$/ },
  { from: /^(?:boto3|aioboto3)/, options: /^aws_secret_access_key$/ },
  { from: /^cloudinary/, options: /^api_secret$/ },
  { from: /^(?:openai|@anthropic-ai\/sdk|anthropic)$/, options: /^(?:apiKey|api_key)$/ },
  { from: /^(?:stripe|resend)$/, calls: /^(?:Stripe|Resend)$/, arg: 0 },
]
