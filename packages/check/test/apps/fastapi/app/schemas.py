from datetime import datetime

from pydantic import BaseModel, Field

EMAIL = r"^[^@\s]{1,64}@[^@\s]{1,189}$"


class Input(BaseModel):
    class Config:
        extra = "forbid"


class Registration(Input):
    email: str = Field(..., max_length=254, regex=EMAIL)
    name: str = Field(..., min_length=1, max_length=80)
    password: str = Field(..., min_length=12, max_length=128)


class Credentials(Input):
    email: str = Field(..., max_length=254, regex=EMAIL)
    password: str = Field(..., min_length=1, max_length=128)


class NewNote(Input):
    title: str = Field(..., min_length=1, max_length=120)
    text: str = Field(..., max_length=4000)


class Output(BaseModel):
    class Config:
        orm_mode = True
        allow_population_by_field_name = True


class UserOut(Output):
    id: str
    email: str
    name: str
    role: str


class NoteOut(Output):
    id: str
    title: str
    text: str
    created_at: datetime = Field(..., alias="createdAt")


class Token(Output):
    access_token: str
