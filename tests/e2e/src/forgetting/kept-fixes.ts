import { fixId, type FixId } from '@heed/kernel';
import { evolveFix, initialFix, type Fix, type StaleFixes } from '@heed/policies';
import { exampleProposal } from '@heed/testing';
import { NOON, TENANT } from './traffic.ts';

/** Fixes in memory, by ids of the test's own. */
export class KeptFixes implements StaleFixes {
  readonly #fixes = new Map<string, Fix>();

  propose(id: string, fromState: string, toState: string): void {
    const { evidence } = exampleProposal(fromState, toState);
    const rewrite = { fromState, toState, from: fromState, to: toState };
    const by = { atMs: NOON, who: 'learner', why: 'mined' };
    this.#put(
      evolveFix(initialFix, {
        ...{ kind: 'fix-proposed', id: fixId(id), tenant: TENANT, rewrite, evidence },
        ...by,
      }),
    );
  }

  why(id: string): string | undefined {
    return this.#fixes.get(id)?.stale?.why;
  }

  all(): ReturnType<StaleFixes['all']> {
    return Promise.resolve([...this.#fixes.values()]);
  }

  markStale(...[, ids, by]: Parameters<StaleFixes['markStale']>): Promise<readonly FixId[]> {
    for (const id of ids) {
      const fix = this.#fixes.get(id);
      if (fix !== undefined) this.#put(evolveFix(fix, { kind: 'fix-went-stale', ...by }));
    }
    return Promise.resolve(ids);
  }

  #put(fix: ReturnType<typeof evolveFix>): void {
    if (fix.status !== 'none') this.#fixes.set(fix.id, fix);
  }
}
