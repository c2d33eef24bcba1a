import { unlessAborted } from '@heed/kernel';
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
import type { Log } from './log.ts';
import { Describe } from './open-api.ts';
import { LOG, NEEDS } from './ports.ts';

/** A store without which a process cannot do what it is asked for. */
export interface Need {
  /** Of the product; nothing of where it is. */
  readonly name: string;
  /** Resolves when it answers. `within` is when nobody waits for it any more. */
  readonly ask: (within: AbortSignal) => Promise<unknown>;
}

/** However many look, the stores are asked once in so long. */
const ASK_AGAIN_MS = 1_000;

/** Shorter than whoever looks waits for the answer. */
const ANSWER_MS = 2_000;

/** Whether the process may be sent work: from the end of start-up until shutdown begins, while what it needs answers. */
@Injectable()
export class Readiness {
  readonly #needs: readonly Need[];
  readonly #journal: Log;
  readonly #answerMs: number;
  readonly #now: () => number;
  /** Those under way: who does not answer is not asked again meanwhile. */
  readonly #asked = new Map<Need, Promise<unknown>>();
  #takesWork = false;
  #silent: Promise<readonly string[]> = Promise.resolve([]);
  #lookedAtMs = -Infinity;
  #told = '';

  /** @param now in milliseconds, from any beginning */
  constructor(
    needs: readonly Need[],
    journal: Log,
    answerMs = ANSWER_MS,
    now: () => number = () => performance.now(),
  ) {
    this.#needs = needs;
    this.#journal = journal;
    this.#answerMs = answerMs;
    this.#now = now;
  }

  set(takesWork: boolean): void {
    this.#takesWork = takesWork;
  }

  /** Null when it is ready, else why it is not. */
  async whyNot(): Promise<string | null> {
    if (!this.#takesWork) return 'Starting, or shutting down.';
    const nowMs = this.#now();
    if (nowMs - this.#lookedAtMs >= ASK_AGAIN_MS) {
      this.#lookedAtMs = nowMs;
      this.#silent = this.#look();
    }
    const silent = await this.#silent;
    return silent.length === 0 ? null : `No answer from ${silent.join(', ')}.`;
  }

  async #look(): Promise<readonly string[]> {
    const answers = await Promise.all(this.#needs.map((need) => this.#answers(need)));
    const silent = this.#needs.filter((_, index) => answers[index] === false).map(({ name }) => name);
    const stores = silent.join(', ');
    if (stores !== this.#told) {
      if (stores === '') this.#journal.info('ready-again');
      else this.#journal.warn('not-ready', { stores });
      this.#told = stores;
    }
    return silent;
  }

  async #answers(need: Need): Promise<boolean> {
    const within = AbortSignal.timeout(this.#answerMs);
    const asked = this.#asked.get(need) ?? need.ask(within).finally(() => this.#asked.delete(need));
    this.#asked.set(need, asked);
    return unlessAborted(within, asked).then(
      () => true,
      () => false,
    );
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
  @Describe({ summary: 'The process takes work, and the stores that it needs answer.' })
  async ready(): Promise<{ status: 'ready' }> {
    const why = await this.#readiness.whyNot();
    if (why !== null) throw new ServiceUnavailableException(why);
    return { status: 'ready' };
  }
}

/** What every app answers, whatever else it does. Needs NEEDS and LOG from the app. */
@Module({
  controllers: [FrontDoorController, HealthController],
  providers: [
    {
      provide: Readiness,
      inject: [NEEDS, LOG],
      useFactory: (needs: readonly Need[], journal: Log) => new Readiness(needs, journal),
    },
  ],
  exports: [Readiness],
})
export class HealthModule {}
