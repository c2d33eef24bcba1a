import { err, ok, type Result } from '@heed/kernel';
import type { Attribution } from './fix.ts';
import {
  MODEL_NAME,
  modelIdOf,
  verdictOf,
  type RewardModel,
  type RewardModelCommand,
  type RewardModelEvent,
  type RewardModelLine,
  type RewardModelRefusal,
  type TrainedModel,
} from './reward-model.ts';

type Train = Extract<RewardModelCommand, { kind: 'train' }>;
type Decided = Result<readonly RewardModelEvent[], RewardModelRefusal>;

/**
 * What a command means for the models of one name: the events to append (none when nothing changes, so that every command may
 * be repeated), or why not. Nobody can put a model live that the gates refused, or that is stale.
 *
 * @example decideRewardModel({ kind: 'live', id, atMs, who: 'ada', why: 'read the card' }, models)
 */
export function decideRewardModel(command: RewardModelCommand, line: RewardModelLine): Decided {
  if (command.kind === 'train') return train(command, line);
  const model = modelsOf(line).find(({ id }) => id === command.id);
  if (model === undefined) {
    return refuse(
      'model-unknown',
      `There is no model ${command.id}; list the models and use an id from there.`,
    );
  }
  const { id } = model;
  const by = attribution(command);
  switch (command.kind) {
    case 'mark-stale':
      return ok(
        model.stale === null ? [{ kind: 'model-went-stale', id, reason: command.reason, ...by }] : [],
      );
    case 'retire':
      return ok(model.status === 'retired' ? [] : [{ kind: 'model-retired', id, ...by }]);
    case 'live':
      return goLive(model, by, line);
  }
}

/** First the former one goes, then the new one is live: whoever reads up to here or there never sees two. */
function goLive(model: RewardModel, by: Attribution, line: RewardModelLine): Decided {
  const { id, status, stale } = model;
  if (status === 'live') return ok([]);
  const failed = model.gates.filter(({ passed }) => !passed);
  if (failed.length > 0) {
    return refuse(
      'model-refused',
      `${id} was refused by ${failed.map(({ gate, says }) => `${gate} (${says})`).join('; ')}. Nobody can put it live: train again on more or better reactions.`,
    );
  }
  if (stale !== null) {
    return refuse(
      'model-stale',
      `${id} is stale since ${new Date(stale.atMs).toISOString()} (${stale.because}: ${stale.why}). Nobody can put it live: train again on what is there now.`,
    );
  }
  const former = modelsOf(line).filter((other) => other.status === 'live');
  return ok([
    ...former.map((other) => ({
      kind: 'model-superseded' as const,
      id: other.id,
      ...by,
      why: `${id} went live under the same name`,
    })),
    { kind: 'model-went-live', id, ...by },
  ]);
}

/**
 * A training that ended. The same file again is the same model, whatever became of it. Was it stale, it is not any more: all that it takes to come to
 * this file is there now, and it was judged anew.
 */
function train(command: Train, line: RewardModelLine): Decided {
  const { card, gates, besideRules, ...facts } = command.model;
  const refusal = refusalOf(command.model, line);
  if (refusal !== null) return err(refusal);
  const by = attribution(command);
  const { id } = facts;
  const judged = { id, card, gates, ...(besideRules && { besideRules }) };
  const missed = missedIn(command);
  const known = modelsOf(line).find((model) => model.id === id);
  if (known !== undefined) {
    if (missed.length > 0) return ok(known.stale === null ? missed : []);
    return ok(known.stale === null ? [] : [{ kind: 'model-renewed', ...judged, ...by }]);
  }
  return ok([
    { kind: 'model-trained', model: facts, ...by },
    { kind: 'model-evaluated', ...judged, ...by },
    { kind: 'model-gated', id, verdict: verdictOf(gates), ...by },
    ...missed,
  ]);
}

function missedIn({ model: { id }, missed }: Train): readonly RewardModelEvent[] {
  if (missed === undefined) return [];
  const { atMs, who, why, ...reason } = missed;
  return [{ kind: 'model-went-stale', id, reason, atMs, who, why }];
}

/** Why no model of that purpose may have that name, whatever it is; null where it may. */
export function nameRefusal(
  { tenant, name, purpose }: Pick<TrainedModel, 'tenant' | 'name' | 'purpose'>,
  line: RewardModelLine,
): RewardModelRefusal | null {
  if (!MODEL_NAME.test(name)) {
    return {
      code: 'model-name-invalid',
      message: `'${name}' is no name for a model: a small letter, then up to 39 small letters, digits and dashes.`,
    };
  }
  if (line.status === 'none') return null;
  if (line.purpose === purpose && line.tenant === tenant && line.name === name) return null;
  return {
    code: 'model-name-taken',
    message: `The name ${name} belongs to ${line.purpose} models, so no ${purpose} model can have it. Give it another name.`,
  };
}

function refusalOf(model: TrainedModel, line: RewardModelLine): RewardModelRefusal | null {
  const { id, name, version, gates } = model;
  const ofName = nameRefusal(model, line);
  if (ofName !== null) return ofName;
  if (id !== modelIdOf(name, version)) {
    return {
      code: 'model-id-mismatch',
      message: `${id} is not the id of the file ${version} under the name ${name}. Report it: an id follows from both.`,
    };
  }
  if (gates.length === 0) {
    return {
      code: 'model-not-judged',
      message: `${id} was judged by no gate. Evaluate it on later reactions first.`,
    };
  }
  const sameId = modelsOf(line).find((known) => known.id === id);
  if (sameId === undefined || sameId.version === version) return null;
  return {
    code: 'model-id-mismatch',
    message: `${id} already names another file (${sameId.version}): two files fell on one id. Train with another seed; the earlier model is untouched.`,
  };
}

function modelsOf(line: RewardModelLine): readonly RewardModel[] {
  return line.status === 'none' ? [] : line.models;
}

function attribution({ atMs, who, why }: Attribution): Attribution {
  return { atMs, who, why };
}

function refuse(code: RewardModelRefusal['code'], message: string): Result<never, RewardModelRefusal> {
  return err({ code, message });
}
