export const tokens = {
  algorithm: 'HS256',
  accessTokenLife: '15 minutes',
}
