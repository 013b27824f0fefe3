import { IsEmail, IsString, MaxLength, MinLength } from 'class-validator'

export class RegisterDto {
  @IsEmail()
  @MaxLength(254)
  email: string

  @IsString()
  @MinLength(1)
  @MaxLength(80)
  name: string

  @IsString()
  @MinLength(12)
  @MaxLength(128)
  password: string
}
