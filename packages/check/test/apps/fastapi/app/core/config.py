from typing import List

from pydantic import BaseSettings, Field


class Settings(BaseSettings):
    jwt_secret: str = Field(..., min_length=32)
    jwt_algorithm: str = "HS256"
    access_token_ttl: int = 15  # minutes
    cors_origins: List[str] = ["https://app.example.com"]

    class Config:
        env_file = ".env"


settings = Settings()
