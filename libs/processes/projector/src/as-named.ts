import { Fault, sessionId, type TenantId } from '@heed/kernel';
import {
  ruleModels,
  type DefectModel,
  type DefectModels,
  type OutcomeModelNames,
  type SessionKey,
} from '@heed/sessions';
import { keyOf } from './key-of.ts';

const RULES = ruleModels.outcome.version;

/**
 * Of each session the model that its row in another warehouse names, in force or not: so it comes out as it was derived. Where that model is gone or cannot be run,
 * deriving rejects with Fault `model-not-run`: what the rules would say is no measure of such rows.
 */
export async function asNamed(models: DefectModels, names: OutcomeModelNames): Promise<DefectModels> {
  const counts = await names.counts();
  const tenants = new Set(counts.flatMap(({ tenant, model }) => (model === RULES ? [] : [tenant])));
  const known = new Map<string, Promise<DefectModel>>();
  const named = (tenant: TenantId, id: string): Promise<DefectModel> => {
    const name = `${tenant}/${id}`;
    const model = known.get(name) ?? strictly(models, tenant, id);
    known.set(name, model);
    return model;
  };
  return {
    named,
    inForce: async (sessions) => {
      const judged = sessions.filter(({ tenant }) => tenants.has(tenant));
      const found = new Map<string, DefectModel | undefined>();
      for (const { model, ...session } of judged.length === 0 ? [] : await names.of(judged))
        if (model !== RULES) found.set(keyOf(session), await named(session.tenant, model));
      return (session: SessionKey) => found.get(keyOf(session));
    },
  };
}

async function strictly(models: DefectModels, tenant: TenantId, id: string): Promise<DefectModel> {
  const model = await models.named(tenant, id);
  if (model === undefined) throw notRun(tenant, id, 'is not where models are kept');
  return {
    ...model,
    failing: async (...session) => {
      const failing = await model.failing(...session);
      if (failing === undefined) throw notRun(tenant, id, 'cannot be run');
      return failing;
    },
  };
}

function notRun(tenant: TenantId, id: string, why: string): Fault {
  return new Fault(
    'model-not-run',
    `Sessions of the tenant ${tenant} were judged by the model ${id}, which ${why}.`,
    'Put its file and card back from a backup of the data folder or the database (the log of the service says what is wrong with it); or run `heed replay`, which derives all sessions by what is in force now.',
  );
}

/** Sessions that name another model than the one that would decide their outcomes now. */
export async function otherwiseJudged(
  models: DefectModels | undefined,
  names: OutcomeModelNames,
): Promise<number> {
  const counts = await names.counts();
  // Which session of a tenant it is makes no difference to who is in force.
  const sessionOf = ({ tenant }: Pick<SessionKey, 'tenant'>): SessionKey => ({
    tenant,
    session: sessionId(''),
  });
  const inForce = await models?.inForce(counts.map(sessionOf));
  return counts
    .filter((one) => one.model !== (inForce?.(sessionOf(one))?.id ?? RULES))
    .reduce((sum, { sessions }) => sum + sessions, 0);
}
