/** The configuration of Pydantic's models. */
import { modelOption, type Node } from '../../source/index.ts'
import type { Reading } from '../reading.ts'
import { type ClassValue, lineageOf } from './definitions.ts'

/** What a model says of an option; else what those above it say. */
export const configOf = (reading: Reading, type: ClassValue, option: string): Node | undefined =>
  lineageOf(reading, type)
    .map(({ node }) => modelOption(node, option))
    .find((one) => one !== undefined)
