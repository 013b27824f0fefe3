import { z } from 'zod'

/** Whether it is a schema of zod. One of zod/mini too: their classes have only that of the core in common. */
export const isZod = (value: unknown): value is z.ZodType => value instanceof z.core.$ZodType
