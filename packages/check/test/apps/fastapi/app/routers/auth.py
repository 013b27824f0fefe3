from fastapi import APIRouter, Depends, HTTPException, Response

from app.core.limits import login_limit, register_limit
from app.core.security import NOBODY, create_access_token, hash_password, verify_password
from app.deps import current_session
from app.schemas import Credentials, Registration, Token, UserOut
from app.store import Session, User, store

router = APIRouter(prefix="/auth", tags=["auth"])


@router.post("/register", response_model=UserOut, status_code=201, dependencies=[Depends(register_limit)])
def register(body: Registration):
    password_hash = hash_password(body.password)
    if store.user_by_email(body.email):
        raise HTTPException(409, "This e-mail address cannot be registered")
    return store.add_user(User(email=body.email.lower(), name=body.name, password_hash=password_hash))


@router.post("/login", response_model=Token, dependencies=[Depends(login_limit)])
def login(body: Credentials):
    user = store.user_by_email(body.email)
    matches = verify_password(body.password, user.password_hash if user else NOBODY)
    if user is None or not matches:
        raise HTTPException(401, "Wrong e-mail address or password")
    session = store.open_session(user)
    return Token(access_token=create_access_token(user, session))


@router.post("/logout", status_code=204)
def logout(session: Session = Depends(current_session)):
    store.close_session(session)
    return Response(status_code=204)
