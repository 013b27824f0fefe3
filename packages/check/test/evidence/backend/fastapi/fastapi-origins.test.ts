import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readFastapi } from '../../../../src/evidence/backend/fastapi/index.ts'
import { envOf, readingOf } from '../../sources.ts'

const HEAD = `import os
from functools import lru_cache
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from pydantic_settings import BaseSettings
class Settings(BaseSettings):
    every: str = "*"
    some: str = "https://a.example, https://b.example"
    listed: list[str] = ["https://a.example"]
    optional: list[str] | None = None
    needed: str
    @property
    def every_list(self) -> list[str]:
        return [one.strip() for one in self.every.split(",") if one]
    @property
    def some_list(self) -> list[str]:
        if self.some == "":
            return []
        return [one.strip() for one in self.some.split(",") if one]
    def made(self):
        return list(map(str, self.every.split(",")))
@lru_cache
def get_settings() -> Settings:
    return Settings()
def parts(text, sign=","):
    return [one.strip() for one in text.split(sign) if one]
methods = parts("*")
settings = get_settings()
`

const origins = (lines: string, env: Readonly<Record<string, string>> = {}): string => {
  const text = `${HEAD}${lines}\napp = FastAPI()\napp.add_middleware(CORSMiddleware, allow_origins=hosts)`
  const [cors] = readFastapi(readingOf({ 'main.py': text }, { env: envOf(env) }), []).cors
  return `${cors?.origins}: ${cors?.what}`
}

describe('a list of origins that is put together', () => {
  const A = 'listed: https://a.example'
  const AB = `${A}, https://b.example`
  const ANY = 'any: *'
  const table: readonly (readonly [lines: string, expected: string, env?: Readonly<Record<string, string>>])[] = [
    ['hosts = [one.strip() for one in get_settings().every.split(",") if one.strip()]', ANY],
    ['hosts = [one.strip() for one in get_settings().some.split(",")]', AB],
    ['hosts = [one.strip() for one in get_settings().some.split(",")]', ANY, { SOME: '*' }],
    ['hosts = [one for one in settings.needed.split(",")]', 'listed: the setting needed'],
    ['hosts = [one for one in settings.needed.split(",")]', ANY, { NEEDED: '*' }],
    ['hosts = settings.every_list', ANY],
    ['hosts = settings.some_list', AB],
    ['hosts = settings.made()', ANY],
    // What another call of the same function is given says nothing of this one.
    ['hosts = parts(settings.some)', AB],
    ['hosts = parts(text=settings.some, sign=";")', AB],
    ['hosts = parts(settings.every)', ANY],
    ['hosts = list(map(str, settings.listed))', A],
    ['hosts = ["https://a.example", *settings.every_list]', ANY],
    ['hosts = settings.listed + settings.every_list', ANY],
    // The list that the settings have is never empty by itself.
    ['hosts = [str(one) for one in (settings.listed or ["*"])]', A],
    ['hosts = settings.listed or ["*"]', A],
    ['hosts = settings.optional or ["*"]', ANY],
    ['hosts = os.getenv("HOSTS", "").split(",") or ["*"]', ANY],
    ['hosts = settings.listed if settings.some else ["*"]', ANY],
    ['hosts = []\nfor one in settings.every.split(","):\n    hosts.append(one.strip())', ANY],
    ['hosts = []\nif settings.some:\n    hosts.extend(settings.some_list)', AB],
    ['hosts = ["https://a.example"]\nif settings.needed:\n    hosts += ["*"]', ANY],
    ['hosts = [f"https://{one}" for one in names()]', 'unknown: origins that could not be read'],
    ['hosts = load()', 'unknown: origins that could not be read'],
    ['hosts = []', 'listed: no origin'],
  ]
  for (const [lines, expected, env] of table)
    test(`${lines} ${JSON.stringify(env ?? {})}`, () => assert.equal(origins(lines, env), expected))
})
