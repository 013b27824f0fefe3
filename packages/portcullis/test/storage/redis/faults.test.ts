import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LATE, reasonOf } from '../../../src/storage/redis/faults.ts'

const answered = (message: string): Error => Object.assign(new Error(message), { name: 'ReplyError' })
const coded = (code: string): Error => Object.assign(new Error('it failed'), { code })

test('what went wrong is one word', () => {
  for (const [error, reason] of [
    [LATE, 'late'],
    [coded('ECONNREFUSED'), 'unreachable'],
    [coded('ECONNRESET'), 'unreachable'],
    [coded('ENOTFOUND'), 'unreachable'],
    [coded('ETIMEDOUT'), 'unreachable'],
    [new Error("Stream isn't writeable and enableOfflineQueue options is false"), 'unreachable'],
    [new Error('Connection is closed.'), 'unreachable'],
    [new Error('Reached the max retries per request limit (which is 0). Refer to …'), 'unreachable'],
    [coded('DEPTH_ZERO_SELF_SIGNED_CERT'), 'untrusted'],
    [coded('SELF_SIGNED_CERT_IN_CHAIN'), 'untrusted'],
    [coded('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'untrusted'],
    [coded('CERT_HAS_EXPIRED'), 'untrusted'],
    [coded('ERR_TLS_CERT_ALTNAME_INVALID'), 'untrusted'],
    [coded('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'), 'untrusted'],
    [answered("READONLY You can't write against a read only replica. script: …"), 'readonly'],
    [answered("ERR Error running script (call to f_…): -READONLY You can't write …"), 'readonly'],
    [answered('LOADING Redis is loading the dataset in memory'), 'loading'],
    [answered('MASTERDOWN Link with MASTER is down and …'), 'loading'],
    [answered("OOM command not allowed when used memory > 'maxmemory'."), 'memory'],
    [answered('WRONGPASS invalid username-password pair or user is disabled.'), 'denied'],
    [answered('NOAUTH Authentication required.'), 'denied'],
    [answered("NOPERM this user has no permissions to run the 'evalsha' command"), 'denied'],
    [answered('MISCONF Redis is configured to save RDB snapshots, but …'), 'failed'],
    [answered('MOVED 3999 127.0.0.1:6381'), 'failed'],
    [new Error('The answer makes no sense.'), 'failed'],
    ['text', 'failed'],
    [undefined, 'failed'],
  ] as const)
    assert.equal(reasonOf(error), reason, String(error))
})
