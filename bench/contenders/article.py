"""The article's FastAPI: python-jose, CORSMiddleware, pydantic, dependencies. Run it by uvicorn, one process.

Its limiter, slowapi, is not in Debian: a fixed window in this process stands for it, which does less. Headers are set
by a bare ASGI middleware, the cheapest way there is; with --decorator as FastAPI's tutorial has it, and the article.
"""
import gc
import os
import signal
import socket
import sys
import time
from enum import Enum
from typing import Dict, List, Tuple

import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from jose import JWTError, jwt
from pydantic import BaseModel, Extra, Field

SECRET = os.environ["JWT_SECRET"]
LIMIT = int(os.environ.get("LIMIT", "65535"))
WINDOW = int(os.environ.get("LIMIT_WINDOW_MS", "1000")) / 1000
USERS = {f"user-{number:04}": {"id": f"user-{number:04}", "roles": ["customer"]} for number in range(1000)}

HEADERS = [
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"strict-transport-security", b"max-age=63072000; includeSubDomains"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
]


class SecurityHeaders:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def with_headers(message):
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *HEADERS]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


windows: Dict[str, Tuple[float, int]] = {}


async def limit(request: Request) -> None:
    now = time.monotonic()
    started, count = windows.get(request.client.host, (now, 0))
    if now - started >= WINDOW:
        started, count = now, 0
    windows[request.client.host] = (started, count + 1)
    if count >= LIMIT:
        raise HTTPException(429, "Too many requests", headers={"Retry-After": str(int(WINDOW) + 1)})


bearer = HTTPBearer(auto_error=False)


async def current_user(credentials: HTTPAuthorizationCredentials = Depends(bearer)) -> dict:
    try:
        claims = jwt.decode(credentials.credentials if credentials else "", SECRET, algorithms=["HS256"])
        return USERS[claims["sub"]]
    except (JWTError, KeyError):
        raise HTTPException(401, "Unauthorized", headers={"WWW-Authenticate": "Bearer"})


class Closed(BaseModel):
    class Config:
        extra = Extra.forbid


class Currency(str, Enum):
    EUR = "EUR"
    USD = "USD"
    GBP = "GBP"


class Priority(str, Enum):
    low = "low"
    normal = "normal"
    high = "high"


class Address(Closed):
    street: str = Field(..., min_length=1, max_length=120)
    city: str = Field(..., min_length=1, max_length=80)
    zip: str = Field(..., min_length=1, max_length=12)
    country: str = Field(..., min_length=2, max_length=2)


class Line(Closed):
    sku: str = Field(..., min_length=1, max_length=32)
    quantity: int = Field(..., ge=1, le=1000)
    price: float = Field(..., ge=0, le=1_000_000)


class NewOrder(Closed):
    reference: str = Field(..., min_length=1, max_length=64)
    email: str = Field(..., max_length=254, regex=r"^[^@\s]{1,64}@[^@\s]{1,189}$")
    currency: Currency
    priority: Priority
    total: float = Field(..., ge=0, le=1_000_000)
    quantity: int = Field(..., ge=1, le=1000)
    gift: bool
    note: str = Field(..., max_length=500)
    address: Address
    lines: List[Line] = Field(..., min_items=1, max_items=20)


app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(limit)])
app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"], allow_headers=["Authorization"])
if "--decorator" in sys.argv:

    @app.middleware("http")
    async def security_headers(request: Request, call_next):
        response = await call_next(request)
        for name, value in HEADERS:
            response.headers[name.decode()] = value.decode()
        return response

else:
    app.add_middleware(SecurityHeaders)


@app.get("/health")
async def health():
    return {"status": "ok"}


@app.get("/orders/{id}")
async def one(id: str, user: dict = Depends(current_user)):
    return {
        "id": id,
        "customer": user["id"],
        "status": "paid",
        "currency": "EUR",
        "total": 129.9,
        "lines": [
            {"sku": "AB-1001", "quantity": 2, "price": 49.95},
            {"sku": "CD-2002", "quantity": 3, "price": 10},
        ],
    }


@app.post("/orders", status_code=201)
async def create(order: NewOrder, user: dict = Depends(current_user)):
    return {
        "id": "order-1001",
        "customer": user["id"],
        "reference": order.reference,
        "total": order.total,
        "lines": len(order.lines),
    }


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGUSR2, lambda *_: gc.collect())
    listener = socket.socket()
    listener.bind(("127.0.0.1", int(os.environ.get("PORT", "0"))))
    server = uvicorn.Server(uvicorn.Config(app, access_log=False, log_level="warning"))

    @app.on_event("startup")
    async def tell() -> None:
        listener.listen(128)
        print(f"listening on {listener.getsockname()[1]}", flush=True)

    server.run(sockets=[listener])
