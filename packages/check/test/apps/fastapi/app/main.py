from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware

from app.core.config import settings
from app.core.errors import invalid_input, unexpected
from app.core.guard import require_session
from app.core.limits import limit_everything
from app.routers import auth, health, notes, users

app = FastAPI(title="Notes", docs_url=None, redoc_url=None, openapi_url=None)

app.add_exception_handler(RequestValidationError, invalid_input)
app.add_exception_handler(Exception, unexpected)

# The last one added is the first one met.
app.middleware("http")(require_session)
app.middleware("http")(limit_everything)
app.add_middleware(
    CORSMiddleware,
    allow_origins=settings.cors_origins,
    allow_methods=["GET", "POST"],
    allow_headers=["Authorization", "Content-Type"],
)

app.include_router(health.router)
app.include_router(auth.router)
app.include_router(users.router)
app.include_router(notes.router)
