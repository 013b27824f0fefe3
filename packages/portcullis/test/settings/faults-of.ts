import assert from 'node:assert/strict'
import { SettingsError } from '../../src/settings/index.ts'

/** What is said to be wrong with settings; none when they can be read. */
export const faultsOf = (read: () => unknown): readonly string[] => {
  try {
    read()
  } catch (error) {
    assert.ok(error instanceof SettingsError, String(error))
    return error.faults
  }
  return []
}
