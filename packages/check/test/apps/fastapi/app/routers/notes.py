from typing import List
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Query

from app.deps import current_user
from app.schemas import NewNote, NoteOut
from app.store import Note, User, store

router = APIRouter(prefix="/notes", tags=["notes"])


@router.get("", response_model=List[NoteOut])
def list_notes(limit: int = Query(20, ge=1, le=100), user: User = Depends(current_user)):
    return store.notes_of(user, limit)


@router.post("", response_model=NoteOut, status_code=201)
def create_note(body: NewNote, user: User = Depends(current_user)):
    return store.add_note(Note(owner_id=user.id, title=body.title, text=body.text))


@router.get("/{note_id}", response_model=NoteOut)
def read_note(note_id: UUID, user: User = Depends(current_user)):
    note = store.notes.get(str(note_id))
    if note is None or note.owner_id != user.id:
        raise HTTPException(404, "No such note")
    return note
