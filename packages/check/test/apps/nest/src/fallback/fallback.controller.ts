import { All, Controller, NotFoundException } from '@nestjs/common'

// Guards run for routes only: with this one they run for a path that doesn't exist too.
@Controller()
export class FallbackController {
  @All('{*path}')
  fallback(): never {
    throw new NotFoundException()
  }
}
