import hashlib
import hmac
import os
from datetime import datetime, timedelta, timezone
from typing import Any, Dict

from jose import jwt

from app.core.config import settings
from app.store import Session, User

SALT_BYTES = 16


def hash_password(password: str) -> bytes:
    salt = os.urandom(SALT_BYTES)
    return salt + _scrypt(password, salt)


def verify_password(password: str, stored: bytes) -> bool:
    salt, expected = stored[:SALT_BYTES], stored[SALT_BYTES:]
    return hmac.compare_digest(_scrypt(password, salt), expected)


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1, maxmem=2**26)


# Checked where there is no account, so that both take the same time.
NOBODY = hash_password(os.urandom(16).hex())


def create_access_token(user: User, session: Session) -> str:
    now = datetime.now(timezone.utc)
    claims = {
        "sub": user.id,
        "jti": session.id,
        "iat": now,
        "exp": now + timedelta(minutes=settings.access_token_ttl),
    }
    return jwt.encode(claims, settings.jwt_secret, algorithm=settings.jwt_algorithm)


def decode_access_token(token: str) -> Dict[str, Any]:
    return jwt.decode(token, settings.jwt_secret, algorithms=["HS256"], options={"require_exp": True})
