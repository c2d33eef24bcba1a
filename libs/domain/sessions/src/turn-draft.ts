import { rfc3339Ms, type EventOf, type HeedEvent } from '@heed/events';
import { saysItFailed } from './cues.ts';
import type { Signal } from './derived-session.ts';
import { TROUBLES, type Trouble } from './outcome-rules.ts';
import { scaledRating, signalOf } from './signal-of.ts';

/** From this long on, looking at an answer counts as dealing with it; below, it may have been a glance before leaving. */
const DWELL_ENGAGED_MS = 10_000;

const LIKES: ReadonlySet<string> = new Set(['love', 'like', 'thumbs-up']);
const DISLIKES: ReadonlySet<string> = new Set(['dislike', 'angry', 'thumbs-down']);
// `laugh`, `wow` and `sad` may be about the subject rather than the answer: signals, but no verdict.

/** A turn while its session is being read: grows event by event, in time order. Lives only inside `deriveSession`. */
export class TurnDraft {
  readonly event: EventOf<'turn'>;
  response: EventOf<'response'>['data'] | undefined;
  readonly signals: Signal[] = [];
  /** When the user asked the next thing; what happens to the answer after that is not engagement with it. */
  movedOnAtMs = Infinity;
  settled: boolean | undefined;
  likes = 0;
  dislikes = 0;
  trouble: Trouble | undefined;
  copied = false;
  engaged = false;
  #settledAtMs = -Infinity;
  #ratingSum = 0;
  #ratings = 0;

  constructor(event: EventOf<'turn'>) {
    this.event = event;
  }

  /** Mean of the ratings by humans, 0..1. A model's rating is a signal but no verdict. */
  get rating(): number | undefined {
    return this.#ratings === 0 ? undefined : this.#ratingSum / this.#ratings;
  }

  /** The answer, when it is known. One that came on its own outranks the one sent with the turn; of several the last by time. */
  get answer(): EventOf<'response'>['data']['response'] | undefined {
    return this.response?.response ?? this.event.data.response;
  }

  get latencyMs(): number | undefined {
    return this.response?.latencyMs ?? this.event.data.latencyMs;
  }

  /** The answer ends with a question. */
  get asksBack(): boolean {
    return this.answer !== undefined && /[?？]\s*$/.test(this.answer.text.slice(-8));
  }

  get answerFailed(): boolean {
    return this.answer !== undefined && saysItFailed(this.answer.text);
  }

  get troubled(): boolean {
    return this.trouble !== undefined || this.dislikes > this.likes;
  }

  get welcomed(): boolean {
    return this.copied || this.likes > this.dislikes;
  }

  take(event: HeedEvent): void {
    const signal = signalOf(event);
    if (signal !== undefined) this.signals.push(signal);
    const inTime = event.timeMs <= this.movedOnAtMs;
    if (event.name === 'response') this.response = event.data;
    if (event.name === 'outcome' && event.data.name === 'success') this.#settle(event);
    if (event.name === 'rating' && event.data.by === 'human') this.#rate(scaledRating(event.data));
    if (event.name === 'reaction') this.#react(event.data.kind, inTime);
    if (event.name === 'behaviour') this.#behave(event, inTime);
  }

  /** Of several the one that happened last stands, whenever it was sent; of equals the last sent. */
  #settle({ data, timeMs }: EventOf<'outcome'>): void {
    const atMs = (data.occurredAt === undefined ? undefined : rfc3339Ms(data.occurredAt)) ?? timeMs;
    if (atMs < this.#settledAtMs) return;
    this.#settledAtMs = atMs;
    this.settled = Number(data.value) > 0;
  }

  #rate(rating: number): void {
    this.#ratingSum += rating;
    this.#ratings++;
  }

  #react(kind: string, inTime: boolean): void {
    if (LIKES.has(kind)) {
      this.likes++;
      this.engaged ||= inTime;
    }
    if (DISLIKES.has(kind)) this.dislikes++;
  }

  #behave({ data }: EventOf<'behaviour'>, inTime: boolean): void {
    if (data.kind === 'copied') this.copied = true;
    if (data.kind === 'copied' || data.kind === 'clicked') this.engaged ||= inTime;
    if (data.kind === 'dwelled' && data.ms >= DWELL_ENGAGED_MS) this.engaged ||= inTime;
    this.trouble = TROUBLES.find((trouble) => trouble === data.kind || trouble === this.trouble);
  }
}
