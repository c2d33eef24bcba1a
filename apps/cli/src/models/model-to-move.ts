import type { ModelAction, ModelView } from '@heed/contract';
import { UsageFault } from '../usage-fault.ts';

/**
 * The id of the model that is meant, by its id or name. Of a name `retire` means the live one, and `live` the one that was trained since and waits; where more than one waits, or none but former ones,
 * which of them is a person's to say. What may not go anywhere is sent all the same: the service says why not.
 * `models` are as the service lists them, of one name the one trained last first.
 */
export function modelToMove(models: readonly ModelView[], called: string, action: ModelAction): string {
  const named = models.filter(({ name }) => name === called);
  const [newest] = named;
  if (newest === undefined || models.some(({ model }) => model === called)) return called;
  const live = named.findIndex(({ status }) => status === 'live');
  if (action === 'retire') return (named[live] ?? newest).model;
  const since = live === -1 ? named : named.slice(0, live);
  const waiting = since.filter(({ status, stale }) => status === 'passed' && stale === null);
  const [only, another] = waiting;
  if (only !== undefined && another === undefined) return only.model;
  const back = named.filter((model) => mayComeBack(model) && !waiting.includes(model));
  if (only === undefined && back.length === 0) return newest.model;
  throw toChoose(called, only === undefined ? back : [...waiting, ...back]);
}

/** Of those that do not wait. */
function mayComeBack({ status, stale }: ModelView): boolean {
  return stale === null && ['passed', 'superseded', 'retired'].includes(status);
}

function toChoose(called: string, from: readonly ModelView[]): UsageFault {
  const each = from.map(({ model, status, trainedAt }) => `${model} (${status}, trained ${trainedAt})`);
  return new UsageFault(
    `${called} does not say which of its models: ${each.join(', ')} may go live`,
    `Name one by its id: heed models ${from[0]?.model ?? 'ID'} live.`,
  );
}
