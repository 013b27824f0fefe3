"""Who is calling, as the gateway says it. A dependency: `caller: Caller = Depends(who_calls)`."""
import os
from typing import List, Optional

from fastapi import HTTPException, Request
from jose import JWTError, jwt

# The same secret as the gateway's IDENTITY_SECRET; this backend's origin, as the gateway has it in UPSTREAM.
SECRET = os.environ["IDENTITY_SECRET"]
ORIGIN = os.environ["IDENTITY_AUDIENCE"]

REQUIRED = {f"require_{claim}": True for claim in ("iss", "aud", "sub", "iat", "exp")}


class Caller:
    def __init__(self, claims: dict) -> None:
        self.id: str = claims["sub"]
        self.roles: List[str] = claims["roles"]
        # None for the tokens of an issuer that names no session.
        self.session: Optional[str] = claims.get("sid")


def who_calls(request: Request) -> Caller:
    tokens = request.headers.getlist("portcullis-token")
    if len(tokens) != 1:
        raise HTTPException(401, "Call through the gateway.")
    try:
        # Another kind of token that the same secret signed is not this one (RFC 8725, section 3.11).
        if jwt.get_unverified_header(tokens[0]).get("typ") != "portcullis-identity+jwt":
            raise JWTError("typ")
        # One algorithm, named here: never the one that a token asks for.
        claims = jwt.decode(
            tokens[0], SECRET, algorithms=["HS256"], audience=ORIGIN, issuer="portcullis-gateway", options=REQUIRED
        )
        return Caller(claims)
    except (JWTError, KeyError):
        raise HTTPException(401, "Call through the gateway.") from None
