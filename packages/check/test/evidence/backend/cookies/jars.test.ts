/** Cookies that are put into a framework's jar. */
import { ALL, missingFlags } from './missing-flags.ts'

const KOA = "import Koa from 'koa'\n"
const NEXT = "import { cookies } from 'next/headers'\n"
const KIT = "import { redirect } from '@sveltejs/kit'\n"

missingFlags([
  [`${KOA}ctx.cookies.set('accessToken', token, { expires })`, 'Secure SameSite'],
  [`${KOA}ctx.cookies.set('accessToken', token, { httpOnly: false, secure: true, sameSite: 'lax' })`, 'HttpOnly'],
  [`${KOA}ctx.cookies.set('accessToken', token, { secure: true, sameSite: 'lax' })`, ''],
  [`${KOA}ctx.cookies.set('theme', theme)`],
  [`${KOA}ctx.cookies.set('accessToken', '', { expires: new Date(0) })`],
  [`${NEXT}const login = async () => { (await cookies()).set('session', id, { httpOnly: true }) }`, 'Secure SameSite'],
  [`${NEXT}const login = async () => { const jar = await cookies(); jar.set('session', id) }`, ALL],
  [`${NEXT}cookies().set({ name: 'session', value: id, httpOnly: true, secure: true, sameSite: 'lax' })`, ''],
  ["response.cookies.set('session', id)", ALL],
  [`${KIT}cookies.set('session', id, { path: '/' })`, ''],
  [`${KIT}cookies.set('session', id, { path: '/', secure: false })`, 'Secure'],
  // The page's own.
  ["cookieStore.set({ name: 'session', value: id })"],
  ["response.cookies.set('sidebar_state', open)"],
  ["response.cookies.set('author', name)"],
  ["response.cookies.set('connect.sid', id)", ALL],
  ["response.cookies.set('userSID', id)", ALL],
  ["response.cookies.set('authorization', id)", ALL],
  ["const cookies = new Map(); cookies.set('session', id)"],
  ["import cookies from 'js-cookie'; cookies.set('token', id)"],
])
