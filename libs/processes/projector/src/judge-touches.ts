import { givenAnswers, judgeSession, type DefectModels, type SessionKey } from '@heed/sessions';
import type { DerivedTouch } from './derive-touched.ts';

type Derived = NonNullable<DerivedTouch['derived']>;

/** What was derived, judged by the models that are in force; where there is none, or it cannot be run, as the rules have it. One session after the other: a model's memory is of one. */
export async function judgeTouches(
  touches: readonly DerivedTouch[],
  models: DefectModels,
): Promise<readonly DerivedTouch[]> {
  const keys = touches.flatMap(({ derived }) => (derived === undefined ? [] : [keyOf(derived)]));
  const inForce = await models.inForce(keys);
  const judged: DerivedTouch[] = [];
  for (const touch of touches) judged.push(await judgeTouch(touch, inForce));
  return judged;
}

async function judgeTouch(
  touch: DerivedTouch,
  inForce: Awaited<ReturnType<DefectModels['inForce']>>,
): Promise<DerivedTouch> {
  const { derived, said } = touch;
  if (derived === undefined || derived.session.turns.length === 0) return touch;
  const model = inForce(keyOf(derived));
  if (model === undefined) return touch;
  const { session } = derived;
  const failing = await model.failing(keyOf(derived), session.turns, givenAnswers(said));
  if (failing === undefined) return touch;
  return { ...touch, derived: { ...derived, session: judgeSession(session, model, failing) } };
}

function keyOf({ tenant, session: { session } }: Derived): SessionKey {
  return { tenant, session };
}
