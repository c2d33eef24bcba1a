import { FollowLiveModels, ModelRegister } from '@heed/control';
import { postgresEventStore, postgresModelFiles } from '@heed/event-store';
import { Fault, type TenantId } from '@heed/kernel';
import { EncoderFolders, modelFolder } from '@heed/onnx';
import { systemClock } from '@heed/platform';
import type { Postgres } from '@heed/postgres';
import { TenantDefectModels, type ProjectionRules } from '@heed/projector';
import type { ModelFiles } from '@heed/rewards';
import { ruleModels } from '@heed/sessions';
import { join } from 'node:path';
import type { AppMeans } from './app-means.ts';
import { scorersOfApp } from './scorers-of-app.ts';
import { directoriesIn } from './setting-shapes.ts';
import type { HeedSettings } from './settings.ts';

/** Where an app's models are kept, and what scores by them: loaded as it is asked for, until the app ends. */
export interface AppModels {
  readonly files: ModelFiles;
  readonly scorers: ReturnType<typeof scorersOfApp>;
}

interface ModelPlace extends Pick<HeedSettings, 'encoders'> {
  readonly dataDir: string;
  readonly databaseUrl?: string | undefined;
}

/** In the data folder, unless a database server is named that others read too. */
export function modelsOf({ dataDir, databaseUrl, encoders }: ModelPlace, postgres: Postgres): AppModels {
  const files =
    databaseUrl === undefined ? modelFolder(join(dataDir, 'models')) : postgresModelFiles(postgres);
  const readFile = async (tenant: TenantId, version: string): Promise<Uint8Array> => {
    const file = await files.file(tenant, version);
    if (file !== null) return file;
    throw new Fault(
      'model-missing',
      `The file of the model ${version.slice(0, 16)} is not where models are kept.`,
      'Put it back from a backup of the data folder or the database, or train again with `heed train`.',
    );
  };
  return { files, scorers: scorersOfApp(readFile, new EncoderFolders(directoriesIn(encoders))) };
}

/** How events are derived, wherever they are: by the rules, and by the models of failed turns that are live and beat them. */
export function projectionRules(
  postgres: Postgres,
  { files, scorers }: AppModels,
  { log, metrics }: AppMeans,
): ProjectionRules {
  const store = postgresEventStore(postgres);
  const models = new ModelRegister(store, systemClock);
  const defects = new TenantDefectModels({
    live: new FollowLiveModels(store, models),
    models,
    cards: files,
    scorers,
    journal: log,
    onLeftToRules: () => {
      metrics.sessionsLeftToRules.inc();
    },
  });
  return { models: ruleModels, defects };
}
