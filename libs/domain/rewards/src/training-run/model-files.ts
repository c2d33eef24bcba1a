import type { TenantId } from '@heed/kernel';
import type { ModelCard } from '../card/model-card.ts';
import type { WrittenModel } from './reward-trainer.ts';

/** Port: the files and cards of a tenant's trained models, live or not. */
export interface ModelFiles {
  /** Durable when it resolves. A model that is there already stays as it is, with its card: the same training gives the same model. */
  keep(tenant: TenantId, model: WrittenModel): Promise<void>;
  /** By the model's id. Null where there is none. */
  card(tenant: TenantId, model: string): Promise<ModelCard | null>;
  /** By the SHA-256 of the file, in hex. Null where there is none. */
  file(tenant: TenantId, sha256: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** The card takes the place of the one that the model has. Its file is there. */
  renew(tenant: TenantId, card: ModelCard): Promise<void>;
  /** One model, and its file unless another model has the same. May be repeated. */
  drop(tenant: TenantId, model: ModelCard): Promise<void>;
  /** All of a tenant's. May be repeated. */
  remove(tenant: TenantId): Promise<void>;
}
