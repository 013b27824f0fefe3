// What a token says: who, and in which session. All else is looked up when it is asked.
export const claimsOf = (user, sessionId) => ({
  sub: user.id,
  jti: sessionId,
})
