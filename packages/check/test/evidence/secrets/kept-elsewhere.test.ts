/** Names that say where Kubernetes keeps a secret, as the values of Helm's charts do. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { secretsIn } from '../../../src/evidence/secrets/index.ts'

const names = (text: string, file = 'chart/values.yaml') =>
  secretsIn(text, { file, role: 'program' }).map((one) => one.name)

for (const line of [
  'existingSecret: app-secrets',
  'existingSecretPasswordKey: db-password',
  'imagePullSecrets: regcred',
  'adminPasswordKey: postgres-password',
  'passwordKey: password',
])
  test(`is none: ${line}`, () => assert.deepEqual(names(`auth:\n  ${line}\n`), []))

for (const line of ['password: kaneo', 'secretKey: app-secrets', 'adminPasswordKey: Tr0ub4dor', 'adminPassword: admin'])
  test(`is one: ${line}`, () => assert.deepEqual(names(`auth:\n  ${line}\n`), [line.split(':')[0]]))
