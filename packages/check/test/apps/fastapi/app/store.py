"""Everything is kept in memory: a restart forgets it."""
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Dict, List, Optional
from uuid import uuid4


def new_id() -> str:
    return str(uuid4())


@dataclass
class User:
    email: str
    name: str
    password_hash: bytes
    role: str = "member"
    id: str = field(default_factory=new_id)


@dataclass
class Session:
    user_id: str
    id: str = field(default_factory=new_id)


@dataclass
class Note:
    owner_id: str
    title: str
    text: str
    id: str = field(default_factory=new_id)
    created_at: datetime = field(default_factory=lambda: datetime.now(timezone.utc))


class Store:
    def __init__(self) -> None:
        self.users: Dict[str, User] = {}
        self.sessions: Dict[str, Session] = {}
        self.notes: Dict[str, Note] = {}

    def user_by_email(self, email: str) -> Optional[User]:
        return next((user for user in self.users.values() if user.email == email.lower()), None)

    def add_user(self, user: User) -> User:
        self.users[user.id] = user
        return user

    def open_session(self, user: User) -> Session:
        session = Session(user_id=user.id)
        self.sessions[session.id] = session
        return session

    def close_session(self, session: Session) -> None:
        self.sessions.pop(session.id, None)

    def add_note(self, note: Note) -> Note:
        self.notes[note.id] = note
        return note

    def notes_of(self, user: User, limit: int) -> List[Note]:
        own = [note for note in self.notes.values() if note.owner_id == user.id]
        return list(reversed(own))[:limit]


store = Store()
