import type { LogEntry } from '@heed/events';
import { PROJECTOR_GROUP } from '@heed/platform';
import { Catch, Controller, Inject, UseFilters, type RpcExceptionFilter } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';
import { LogBatchContext } from './log-server.ts';
import { Projector } from './projector.ts';

/** Passes on what was thrown: whoever reads the log tells a fault from a wish to read again. */
@Catch()
class AsThrown implements RpcExceptionFilter<unknown, never> {
  catch(thrown: unknown): Observable<never> {
    return throwError(() => thrown);
  }
}

/** The log's own door to the projector: what `LogServer` delivers. */
@Controller()
export class TakeBatches {
  readonly #projector: Projector;

  constructor(@Inject(Projector) projector: Projector) {
    this.#projector = projector;
  }

  @EventPattern(PROJECTOR_GROUP)
  @UseFilters(AsThrown)
  take(@Payload() batch: readonly LogEntry[], @Ctx() context: unknown): Promise<void> {
    if (!(context instanceof LogBatchContext)) throw new TypeError('not delivered by the log');
    return this.#projector.take(batch, context);
  }
}
