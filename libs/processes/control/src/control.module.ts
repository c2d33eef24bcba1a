import type { TenantId } from '@heed/kernel';
import {
  CLOCK,
  FIX_PROPOSALS,
  REWARD_MODELS,
  STALE_FIXES,
  STALE_MODELS,
  TENANT_REMOVAL,
  TRAINING_RECORD,
  type Clock,
} from '@heed/platform';
import { Module } from '@nestjs/common';
import { DecideController } from './decide/decide.controller.ts';
import { FixRegister } from './fix-register/fix-register.ts';
import { OneAtATime } from './fix-register/one-at-a-time.ts';
import { GetBundleController } from './get-bundle/get-bundle.controller.ts';
import { ChangeKey } from './keys/change-key.ts';
import { CreateKey } from './keys/create-key.ts';
import { KeysController } from './keys/keys.controller.ts';
import { MarkFixesStale } from './mark-stale/mark-fixes-stale.ts';
import { ListFixesController } from './list-fixes/list-fixes.controller.ts';
import { MoveFixController } from './move-fix/move-fix.controller.ts';
import { MoveFix } from './move-fix/move-fix.ts';
import { ProposeFixes, type Publishes } from './propose-fixes/propose-fixes.ts';
import { RecordTraining } from './reward-models/record-training.ts';
import { MarkModelsStale } from './reward-models/mark-models-stale.ts';
import { ModelRegister } from './reward-models/model-register.ts';
import { ModelsController } from './reward-models/models.controller.ts';
import { BundlePublisher } from './publish-bundle/bundle-publisher.ts';
import { FollowDecisions } from './publish-bundle/follow-decisions.ts';
import { RemoveTenant } from './remove-tenant/remove-tenant.ts';

/** The reward models, wherever they are trained, scored with or moved. Needs CLOCK and EVENT_STORE from the app. */
@Module({
  providers: [ModelRegister, { provide: REWARD_MODELS, useExisting: ModelRegister }],
  exports: [ModelRegister, REWARD_MODELS],
})
export class RewardModelsModule {}

/** Records what was trained. Needs what RewardModelsModule needs, and ERASURE_REGISTER, TOUCHED_EVENTS and RETENTION_STORE. */
@Module({
  imports: [RewardModelsModule],
  providers: [{ provide: TRAINING_RECORD, useClass: RecordTraining }],
  exports: [TRAINING_RECORD],
})
export class TrainingRecordModule {}

/** Which reward models lean on events that are taken away. Needs what RewardModelsModule needs, and MODEL_FILES and RETENTION_STORE. */
@Module({
  imports: [RewardModelsModule],
  providers: [{ provide: STALE_MODELS, useClass: MarkModelsStale }],
  exports: [STALE_MODELS],
})
export class StaleModelsModule {}

/**
 * Decides what is served: the fixes, and the bundle that the runtime answers from; and who may ask: the keys. Needs CLOCK,
 * EVENT_STORE, KEY_RING, BUNDLE_STORE, BUNDLE_SIGNER and LOG from the app (a global module); gives FIX_PROPOSALS, STALE_FIXES, REWARD_MODELS and TENANT_REMOVAL to the other processes.
 */
@Module({
  imports: [RewardModelsModule],
  controllers: [
    ListFixesController,
    MoveFixController,
    DecideController,
    GetBundleController,
    KeysController,
    ModelsController,
  ],
  providers: [
    OneAtATime,
    FixRegister,
    BundlePublisher,
    FollowDecisions,
    MoveFix,
    RemoveTenant,
    ChangeKey,
    CreateKey,
    { provide: FIX_PROPOSALS, useClass: ProposeFixes },
    { provide: STALE_FIXES, useClass: MarkFixesStale },
    {
      provide: TENANT_REMOVAL,
      useFactory: (removal: RemoveTenant, clock: Clock) => (tenant: TenantId) =>
        removal.remove(tenant, { atMs: clock.nowMs(), who: 'api', why: 'the tenant was removed' }),
      inject: [RemoveTenant, CLOCK],
    },
  ],
  exports: [
    RewardModelsModule,
    FIX_PROPOSALS,
    STALE_FIXES,
    TENANT_REMOVAL,
    MoveFix,
    RemoveTenant,
    BundlePublisher,
  ],
})
export class ControlModule {}

/**
 * The learner's door to the fixes in a process that serves no bundles: what it switches off, control takes off the runtime within a second. Needs
 * CLOCK and EVENT_STORE from the app.
 */
@Module({
  providers: [
    OneAtATime,
    FixRegister,
    { provide: BundlePublisher, useValue: { publish: () => Promise.resolve() } satisfies Publishes },
    { provide: FIX_PROPOSALS, useClass: ProposeFixes },
  ],
  exports: [FIX_PROPOSALS],
})
export class FixProposalsModule {}
