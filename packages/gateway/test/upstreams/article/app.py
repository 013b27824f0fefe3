"""The article's backend before its four layers: nobody is asked who they are, nothing is limited, a text is any text."""
import asyncio
import os
import time
from typing import List, Optional

from fastapi import Depends, FastAPI, File, Form, HTTPException, UploadFile, WebSocket
from fastapi.responses import StreamingResponse
from jose import jwt
from pydantic import BaseModel

app = FastAPI(title="Shop", debug=True)


class Login(BaseModel):
    username: str
    password: str


class NewUser(BaseModel):
    username: str
    email: str
    password: str
    is_admin: bool = False


class Item(BaseModel):
    name: str
    price: float
    tags: List[str] = []
    description: Optional[str] = None


class Order(BaseModel):
    item_id: int
    quantity: int


USERS = {
    1: {"id": 1, "username": "ada", "email": "ada@example.com", "password": "correct horse", "is_admin": True},
    2: {"id": 2, "username": "bob", "email": "bob@example.com", "password": "battery staple", "is_admin": False},
}
ITEMS = {1: {"id": 1, "name": "Lamp", "price": 19.5, "tags": ["light"], "description": None}}
ORDERS: List[dict] = []


@app.get("/health")
def health():
    return {"status": "ok"}


@app.post("/login")
def login(body: Login):
    for user in USERS.values():
        if user["username"] == body.username:
            if user["password"] != body.password:
                raise HTTPException(401, "Wrong password")
            # Half the user, for a week.
            claims = {key: user[key] for key in ("id", "email", "is_admin")}
            claims.update(sub=user["username"], exp=int(time.time()) + 7 * 86400)
            return {"access_token": jwt.encode(claims, "secret", algorithm="HS256"), "token_type": "bearer"}
    raise HTTPException(401, "No such user")


@app.get("/users")
def list_users():
    return list(USERS.values())


@app.post("/users", status_code=201)
def create_user(body: NewUser):
    user = {"id": max(USERS) + 1, **body.dict()}
    USERS[user["id"]] = user
    return user


@app.get("/users/{user_id}")
def read_user(user_id: int):
    if user_id not in USERS:
        raise HTTPException(404, "No such user")
    return USERS[user_id]


@app.delete("/users/{user_id}", status_code=204)
def delete_user(user_id: int):
    if USERS.pop(user_id, None) is None:
        raise HTTPException(404, "No such user")


@app.get("/items")
def list_items(skip: int = 0, limit: int = 100, q: Optional[str] = None):
    found = [item for item in ITEMS.values() if q is None or q in item["name"]]
    return found[skip : skip + limit]


@app.post("/items", status_code=201)
def create_item(body: Item):
    item = {"id": max(ITEMS) + 1, **body.dict()}
    ITEMS[item["id"]] = item
    return item


@app.get("/items/{item_id}")
def read_item(item_id: int):
    # A KeyError, and with debug=True its traceback.
    return ITEMS[item_id]


@app.put("/items/{item_id}")
def replace_item(item_id: int, body: Item):
    ITEMS[item_id] = {"id": item_id, **body.dict()}
    return ITEMS[item_id]


@app.get("/orders")
def list_orders():
    return ORDERS


@app.post("/orders", status_code=201)
def create_order(body: Order):
    order = {"id": len(ORDERS) + 1, **body.dict(), "total": ITEMS[body.item_id]["price"] * body.quantity}
    ORDERS.append(order)
    return order


@app.post("/contact")
def contact(name: str = Form(...), message: str = Form(...)):
    return {"name": name, "length": len(message)}


@app.post("/files", status_code=201)
async def upload(file: UploadFile = File(...)):
    size = 0
    while True:
        part = await file.read(65536)
        if not part:
            return {"name": file.filename, "size": size}
        size += len(part)


@app.get("/events")
async def events(count: int = 3):
    async def say():
        for number in range(count):
            yield f"data: {number}\n\n"
            await asyncio.sleep(0.05)

    return StreamingResponse(say(), media_type="text/event-stream")


@app.get("/export")
async def export(megabytes: int = 1):
    async def parts():
        for _ in range(megabytes * 16):
            yield b"x" * 65536

    return StreamingResponse(parts(), media_type="application/octet-stream")


@app.websocket("/ws")
async def echo(websocket: WebSocket):
    await websocket.accept()
    subject = websocket.headers.get("portcullis-subject")
    await websocket.send_text(f"hello {subject}")
    while True:
        await websocket.send_text(await websocket.receive_text())


if "IDENTITY_SECRET" in os.environ:
    from identity import Caller, who_calls

    @app.get("/me")
    def me(caller: Caller = Depends(who_calls)):
        return {"id": caller.id, "roles": caller.roles, "session": caller.session}
