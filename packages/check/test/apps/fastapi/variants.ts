import type { Variant } from '../variant.ts'

export const variants: readonly Variant[] = [
  {
    item: 'jwt-expiry',
    name: 'eight days in the settings class',
    kind: 'obvious',
    edits: [
      {
        file: 'app/core/config.py',
        find: 'access_token_ttl: int = 15  # minutes',
        replace: 'access_token_ttl: int = 60 * 24 * 8  # minutes',
      },
    ],
    live: true,
  },
  {
    // The setting says 15 and means minutes: 15 hours.
    item: 'jwt-expiry',
    name: 'hours where minutes were meant',
    kind: 'overlooked',
    edits: [
      {
        file: 'app/core/security.py',
        find: 'timedelta(minutes=settings.access_token_ttl)',
        replace: 'timedelta(hours=settings.access_token_ttl)',
      },
    ],
    live: true,
  },
  {
    item: 'auth-rate-limit',
    name: 'no limit on login and registration',
    kind: 'obvious',
    edits: [
      {
        file: 'app/routers/auth.py',
        find: 'from app.core.limits import login_limit, register_limit\n',
        replace: '',
      },
      {
        file: 'app/routers/auth.py',
        find: ', status_code=201, dependencies=[Depends(register_limit)])',
        replace: ', status_code=201)',
      },
      {
        file: 'app/routers/auth.py',
        find: '@router.post("/login", response_model=Token, dependencies=[Depends(login_limit)])',
        replace: '@router.post("/login", response_model=Token)',
      },
    ],
    live: true,
  },
  {
    item: 'auth-rate-limit',
    name: 'the limit of login on logout',
    kind: 'overlooked',
    edits: [
      {
        file: 'app/routers/auth.py',
        find: '@router.post("/login", response_model=Token, dependencies=[Depends(login_limit)])',
        replace: '@router.post("/login", response_model=Token)',
      },
      {
        file: 'app/routers/auth.py',
        find: '@router.post("/logout", status_code=204)',
        replace: '@router.post("/logout", status_code=204, dependencies=[Depends(login_limit)])',
      },
    ],
    live: true,
  },
  {
    item: 'validators',
    name: 'a body that is any dict',
    kind: 'obvious',
    edits: [
      { file: 'app/routers/notes.py', find: 'import NewNote, NoteOut', replace: 'import NoteOut' },
      { file: 'app/routers/notes.py', find: 'body: NewNote', replace: 'body: dict' },
      {
        file: 'app/routers/notes.py',
        find: 'title=body.title, text=body.text',
        replace: 'title=body.get("title", ""), text=body.get("text", "")',
      },
    ],
    live: true,
  },
  {
    item: 'validators',
    name: 'a limit with a lower bound only',
    kind: 'overlooked',
    edits: [{ file: 'app/routers/notes.py', find: 'Query(20, ge=1, le=100)', replace: 'Query(20, ge=1)' }],
    live: true,
  },
  {
    item: 'default-deny',
    name: 'each route asks for the session itself',
    kind: 'obvious',
    edits: [
      { file: 'app/main.py', find: 'from app.core.guard import require_session\n', replace: '' },
      { file: 'app/main.py', find: 'app.middleware("http")(require_session)\n', replace: '' },
      {
        file: 'app/deps.py',
        find: 'from app.store import Session, User, store',
        replace: 'from app.core.guard import authenticate\nfrom app.store import Session, User, store',
      },
      { file: 'app/deps.py', find: 'return request.state.session', replace: 'return authenticate(request)' },
    ],
    live: true,
  },
  {
    // The middleware covers every request and protects the paths it lists: a router added tomorrow is open.
    item: 'default-deny',
    name: 'the guard lists what is private',
    kind: 'overlooked',
    edits: [
      {
        file: 'app/core/guard.py',
        find:
          "# Whatever isn't listed here needs a session, a path that doesn't exist included.\n" +
          'PUBLIC = {\n    ("GET", "/health"),\n    ("POST", "/auth/register"),\n    ("POST", "/auth/login"),\n}\n',
        replace: '# These need a session.\nPROTECTED = ("/auth/logout", "/users", "/notes")\n',
      },
      {
        file: 'app/core/guard.py',
        find: 'if (request.method, request.scope["path"]) not in PUBLIC:',
        replace: 'if request.scope["path"].startswith(PROTECTED):',
      },
    ],
    live: true,
  },
  {
    item: 'cors',
    name: 'every origin',
    kind: 'obvious',
    edits: [
      { file: 'app/main.py', find: 'allow_origins=settings.cors_origins', replace: 'allow_origins=["*"]' },
      { file: 'app/main.py', find: 'from app.core.config import settings\n', replace: '' },
    ],
    live: true,
  },
  {
    // Starlette matches the whole origin, but nothing asks for the dot before the domain: https://evilexample.com
    item: 'cors',
    name: 'a pattern that look-alike domains match',
    kind: 'overlooked',
    edits: [
      {
        file: 'app/main.py',
        find: 'allow_origins=settings.cors_origins',
        replace: 'allow_origin_regex=r"https://.*example\\.com"',
      },
      { file: 'app/main.py', find: 'from app.core.config import settings\n', replace: '' },
    ],
    live: true,
  },
  {
    item: 'debug',
    name: 'debug mode',
    kind: 'obvious',
    edits: [{ file: 'app/main.py', find: 'FastAPI(title="Notes", ', replace: 'FastAPI(title="Notes", debug=True, ' }],
    live: false,
  },
  {
    item: 'debug',
    name: 'the exception in the answer of a 500',
    kind: 'overlooked',
    edits: [
      {
        file: 'app/core/errors.py',
        find: '{"detail": "Internal server error"}',
        replace: '{"detail": f"Internal server error: {exc!r}"}',
      },
    ],
    live: false,
  },
  {
    item: 'hardcoded-secret',
    name: 'a default for the key in the settings class',
    kind: 'obvious',
    edits: [
      {
        file: 'app/core/config.py',
        find: 'jwt_secret: str = Field(..., min_length=32)',
        replace: 'jwt_secret: str = "b7Qx0vT2mZs9LrKc4WdYp8NfUe1HgAj6Xi3oRtEq5M"',
      },
    ],
    live: false,
  },
  {
    item: 'hardcoded-secret',
    name: 'settings of production that only the history holds',
    kind: 'overlooked',
    edits: [],
    history: [
      {
        file: 'deploy/production.env',
        text: 'JWT_SECRET=Zp3nV8qLx1RwT6yBd0KsHf5UjMc9GaEo2XiN7tQvWr4\nPORT=8000\n',
      },
    ],
    live: false,
  },
  {
    item: 'docs-exposed',
    name: 'the documentation on, and public',
    kind: 'obvious',
    edits: [
      {
        file: 'app/main.py',
        find: 'FastAPI(title="Notes", docs_url=None, redoc_url=None, openapi_url=None)',
        replace: 'FastAPI(title="Notes")',
      },
      {
        file: 'app/core/guard.py',
        find: '    ("GET", "/health"),\n',
        replace: '    ("GET", "/health"),\n    ("GET", "/docs"),\n    ("GET", "/openapi.json"),\n',
      },
    ],
    live: true,
  },
  {
    item: 'docs-exposed',
    name: 'the pages off, the document left on',
    kind: 'overlooked',
    edits: [
      { file: 'app/main.py', find: ', redoc_url=None, openapi_url=None)', replace: ', redoc_url=None)' },
      {
        file: 'app/core/guard.py',
        find: '    ("GET", "/health"),\n',
        replace: '    ("GET", "/health"),\n    ("GET", "/openapi.json"),  # the client is generated from it\n',
      },
    ],
    live: true,
  },
  {
    item: 'jwt-payload',
    name: 'e-mail address and role as claims',
    kind: 'obvious',
    edits: [
      {
        file: 'app/core/security.py',
        find: '"sub": user.id,\n',
        replace: '"sub": user.id,\n        "email": user.email,\n        "role": user.role,\n',
      },
    ],
    live: true,
  },
  {
    item: 'jwt-payload',
    name: 'the account spread into the claims',
    kind: 'overlooked',
    edits: [
      {
        file: 'app/core/security.py',
        find: 'from app.store import Session, User\n',
        replace: 'from app.schemas import UserOut\nfrom app.store import Session, User\n',
      },
      {
        file: 'app/core/security.py',
        find: 'claims = {\n',
        replace: 'claims = {\n        **UserOut.from_orm(user).dict(exclude={"id"}),\n',
      },
    ],
    live: true,
  },
  {
    item: 'forwarded-for',
    name: 'the first X-Forwarded-For, whoever sent it',
    kind: 'obvious',
    edits: [
      {
        file: 'app/core/limits.py',
        find:
          '        # uvicorn puts the client of a trusted proxy here, and the peer of the connection otherwise.\n' +
          '        return request.client.host if request.client else "unknown"',
        replace:
          '        forwarded = request.headers.get("x-forwarded-for")\n' +
          '        if forwarded:\n' +
          '            return forwarded.split(",")[0].strip()\n' +
          '        return request.client.host if request.client else "unknown"',
      },
    ],
    live: true,
  },
  {
    item: 'forwarded-for',
    name: 'the image believes every proxy',
    kind: 'overlooked',
    edits: [
      {
        file: 'Dockerfile',
        find: '# 10.0.0.1 is the load balancer: only its X-Forwarded-For is believed.\n',
        replace: '# Behind the load balancer\n',
      },
      { file: 'Dockerfile', find: '--forwarded-allow-ips=10.0.0.1', replace: "--forwarded-allow-ips='*'" },
    ],
    live: true,
  },
]
