/** Cookies that carry a session, and the flags they lack. */

export { cookiesOf } from './cookies.ts'
