/**
 * The body of POST /orders for class-validator. Node strips types and knows no decorators: each is called as the function it is, on the
 * class and the name of the field, which is what a compiler makes of `@IsString() name`.
 */
import 'reflect-metadata'
import { Type } from 'class-transformer'
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsNumber,
  IsString,
  Length,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator'

type Fields = Readonly<Record<string, readonly PropertyDecorator[]>>

const decorated = (fields: Fields) => {
  const described = class {}
  for (const [name, decorators] of Object.entries(fields))
    for (const decorate of decorators) decorate(described.prototype, name)
  return described
}

const text = (min: number, max: number) => [IsString(), Length(min, max)]
const amount = [IsNumber(), Min(0), Max(1_000_000)]
const count = [IsInt(), Min(1), Max(1_000)]

const Address = decorated({ street: text(1, 120), city: text(1, 80), zip: text(1, 12), country: text(2, 2) })
const Line = decorated({ sku: text(1, 32), quantity: count, price: amount })

export const CreateOrder = decorated({
  reference: text(1, 64),
  email: [IsEmail(), MaxLength(254)],
  currency: [IsIn(['EUR', 'USD', 'GBP'])],
  priority: [IsIn(['low', 'normal', 'high'])],
  total: amount,
  quantity: count,
  gift: [IsBoolean()],
  note: [IsString(), MaxLength(500)],
  address: [ValidateNested(), Type(() => Address)],
  lines: [IsArray(), ArrayMinSize(1), ArrayMaxSize(20), ValidateNested({ each: true }), Type(() => Line)],
})
