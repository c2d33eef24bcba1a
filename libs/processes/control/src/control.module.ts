import type { TenantId } from '@heed/kernel';
import { CLOCK, FIX_PROPOSALS, STALE_FIXES, TENANT_REMOVAL, type Clock } from '@heed/platform';
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
import { BundlePublisher } from './publish-bundle/bundle-publisher.ts';
import { FollowDecisions } from './publish-bundle/follow-decisions.ts';
import { RemoveTenant } from './remove-tenant/remove-tenant.ts';

/**
 * Decides what is served: the fixes, and the bundle that the runtime answers from; and who may ask: the keys. Needs CLOCK,
 * EVENT_STORE, KEY_RING, BUNDLE_STORE, BUNDLE_SIGNER and LOG from the app (a global module); gives FIX_PROPOSALS and TENANT_REMOVAL to the other processes.
 */
@Module({
  controllers: [
    ListFixesController,
    MoveFixController,
    DecideController,
    GetBundleController,
    KeysController,
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
  exports: [FIX_PROPOSALS, STALE_FIXES, TENANT_REMOVAL, MoveFix, RemoveTenant, BundlePublisher],
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
