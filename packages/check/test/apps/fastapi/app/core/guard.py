from fastapi import HTTPException, Request
from fastapi.responses import JSONResponse
from jose import JWTError

from app.core.security import decode_access_token
from app.store import Session, store

# Whatever isn't listed here needs a session, a path that doesn't exist included.
PUBLIC = {
    ("GET", "/health"),
    ("POST", "/auth/register"),
    ("POST", "/auth/login"),
}


def authenticate(request: Request) -> Session:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    refused = HTTPException(401, "Not authenticated", headers={"WWW-Authenticate": "Bearer"})
    if scheme.lower() != "bearer" or not token:
        raise refused
    try:
        claims = decode_access_token(token)
    except JWTError:
        raise refused
    session = store.sessions.get(claims.get("jti", ""))
    if session is None or session.user_id != claims.get("sub"):
        raise refused
    return session


async def require_session(request: Request, call_next):
    # Not request.url.path: that one is built from the Host header, which the client writes.
    if (request.method, request.scope["path"]) not in PUBLIC:
        try:
            request.state.session = authenticate(request)
        except HTTPException as refused:
            return JSONResponse({"detail": refused.detail}, refused.status_code, headers=refused.headers)
    return await call_next(request)
