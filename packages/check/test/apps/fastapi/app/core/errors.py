import logging

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

logger = logging.getLogger(__name__)


async def invalid_input(request: Request, exc: RequestValidationError) -> JSONResponse:
    # Where and why, never the value: it may be a password.
    errors = [{"loc": error["loc"], "type": error["type"]} for error in exc.errors()]
    return JSONResponse({"detail": errors}, status_code=422)


async def unexpected(request: Request, exc: Exception) -> JSONResponse:
    logger.error("unexpected error", exc_info=exc)
    return JSONResponse({"detail": "Internal server error"}, status_code=500)
