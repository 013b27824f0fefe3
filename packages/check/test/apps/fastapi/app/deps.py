from fastapi import Depends, Request

from app.store import Session, User, store


def current_session(request: Request) -> Session:
    return request.state.session


def current_user(session: Session = Depends(current_session)) -> User:
    return store.users[session.user_id]
