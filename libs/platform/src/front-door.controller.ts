import { Controller, Get } from '@nestjs/common';
import { z } from 'zod';
import { LeastRole } from './keys/role.ts';
import { Describe } from './open-api.ts';

const frontDoor = z.object({
  service: z.literal('heed'),
  docs: z.string(),
  openapi: z.string(),
  health: z.string(),
  metrics: z.string(),
});

/** For whoever types the address into a browser. */
@Controller()
export class FrontDoorController {
  @Get()
  @LeastRole('nobody')
  @Describe({ summary: 'What answers here, and where to read on.', response: frontDoor })
  show(): z.output<typeof frontDoor> {
    return {
      service: 'heed',
      docs: '/docs',
      openapi: '/docs-json',
      health: '/health/ready',
      metrics: '/metrics',
    };
  }
}
