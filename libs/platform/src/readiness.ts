import {
  Controller,
  Get,
  HttpCode,
  Inject,
  Injectable,
  Module,
  ServiceUnavailableException,
} from '@nestjs/common';
import { FrontDoorController } from './front-door.controller.ts';
import { LeastRole } from './keys/role.ts';
import { Describe } from './open-api.ts';

/** Whether the process may be sent work: true from the end of start-up until shutdown begins. */
@Injectable()
export class Readiness {
  #ready = false;

  get ready(): boolean {
    return this.#ready;
  }

  set(ready: boolean): void {
    this.#ready = ready;
  }
}

@Controller('health')
export class HealthController {
  readonly #readiness: Readiness;

  constructor(@Inject(Readiness) readiness: Readiness) {
    this.#readiness = readiness;
  }

  @Get('live')
  @HttpCode(200)
  @LeastRole('nobody')
  @Describe({ summary: 'The process runs.' })
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  @Get('ready')
  @LeastRole('nobody')
  @Describe({ summary: 'The process takes work.' })
  ready(): { status: 'ready' } {
    if (!this.#readiness.ready) throw new ServiceUnavailableException('Starting, or shutting down.');
    return { status: 'ready' };
  }
}

/** What every app answers, whatever else it does. */
@Module({
  controllers: [FrontDoorController, HealthController],
  providers: [Readiness],
  exports: [Readiness],
})
export class HealthModule {}
