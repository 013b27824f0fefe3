import time
from typing import Dict, Tuple

from fastapi import HTTPException, Request
from fastapi.responses import JSONResponse


class RateLimiter:
    """So many requests of a client in a window of so many seconds."""

    def __init__(self, times: int, seconds: int) -> None:
        self.times = times
        self.seconds = seconds
        self.windows: Dict[str, Tuple[float, int]] = {}

    def client(self, request: Request) -> str:
        # uvicorn puts the client of a trusted proxy here, and the peer of the connection otherwise.
        return request.client.host if request.client else "unknown"

    def allows(self, request: Request) -> bool:
        now = time.monotonic()
        if len(self.windows) > 10_000:
            self.windows = {key: kept for key, kept in self.windows.items() if now - kept[0] < self.seconds}
        key = self.client(request)
        started, count = self.windows.get(key, (now, 0))
        if now - started >= self.seconds:
            started, count = now, 0
        self.windows[key] = (started, count + 1)
        return count < self.times

    async def __call__(self, request: Request) -> None:
        if not self.allows(request):
            raise HTTPException(429, "Too many requests", headers={"Retry-After": str(self.seconds)})


everything = RateLimiter(times=200, seconds=60)
login_limit = RateLimiter(times=10, seconds=60)
register_limit = RateLimiter(times=10, seconds=60)


async def limit_everything(request: Request, call_next):
    if not everything.allows(request):
        return JSONResponse({"detail": "Too many requests"}, 429, headers={"Retry-After": str(everything.seconds)})
    return await call_next(request)
