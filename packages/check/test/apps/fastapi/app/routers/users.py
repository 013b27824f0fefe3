from fastapi import APIRouter, Depends

from app.deps import current_user
from app.schemas import UserOut
from app.store import User

router = APIRouter(prefix="/users", tags=["users"])


@router.get("/me", response_model=UserOut)
def me(user: User = Depends(current_user)):
    return user
