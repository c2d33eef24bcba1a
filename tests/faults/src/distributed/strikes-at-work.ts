import type { SeededRandom } from '@heed/kernel';
import { heed, type Outcome } from '@heed/test-e2e';
import type { Fault } from '../load/strikes.ts';
import { until } from '../until.ts';
import type { DistributedRig } from './distributed-rig.ts';

/** Work that changes the warehouse as a whole, while projectors stand still. */
interface Work {
  readonly name: string;
  /** The first of the changes at which it may be struck, and how many more it makes at the least. */
  readonly begins: string;
  readonly changes: number;
  readonly commands: readonly (readonly string[])[];
}

/** Who is killed. */
interface Victim {
  readonly name: string;
  /** It is who does the work. */
  readonly does?: true;
  readonly kill: () => Promise<void>;
  readonly revive: () => Promise<void>;
}

export interface AtWork {
  readonly tenant: string;
  /** Whom `heed erase` forgets. */
  readonly user: string;
  readonly retentionDays: number;
}

/**
 * A rebuild, an erasure and a removal of what is over, each struck in the middle of one of its statements, and done again when who was killed is
 * back. Seeds that follow each other go round: three of them have met everybody at everything.
 */
export function strikesAtWork(
  rig: DistributedRig,
  seed: number,
  random: SeededRandom,
  at: AtWork,
): readonly Fault[] {
  const victims = victimsOf(rig);
  return worksOn(rig.controlUrl, seed, at).flatMap((work, nth) => {
    const victim = victims[(seed + nth) % victims.length];
    return victim === undefined ? [] : [struck(rig, work, victim, random)];
  });
}

function worksOn(url: string, seed: number, { tenant, user, retentionDays }: AtWork): readonly Work[] {
  const where = ['--url', url, '--tenant', tenant];
  return [
    {
      name: 'a rebuild',
      ...(seed % 2 === 0
        ? { begins: '^CREATE DATABASE', changes: 20 }
        : { begins: '^EXCHANGE TABLES', changes: 4 }),
      commands: [['replay', '--url', url]],
    },
    {
      name: 'an erasure',
      begins: '^ALTER TABLE \\w+ DELETE',
      changes: 4,
      commands: [['erase', user, '--reason', 'asked by mail', ...where]],
    },
    {
      name: 'a removal of what is over',
      begins: '^ALTER TABLE \\w+ DELETE',
      changes: 2,
      commands: [
        ['retention', '--days', String(retentionDays), ...where],
        ['retention', 'apply', ...where],
      ],
    },
  ];
}

function victimsOf(rig: DistributedRig): readonly Victim[] {
  const [projector] = rig.projectors;
  return [
    {
      name: 'control',
      does: true,
      kill: () => rig.control.end('SIGKILL'),
      revive: () => rig.control.startUntilUp(),
    },
    {
      name: 'a projector',
      kill: () => projector.end('SIGKILL'),
      revive: () => projector.startUntilUp(),
    },
    {
      name: 'PostgreSQL',
      kill: () => rig.database.end('SIGKILL'),
      revive: () => rig.database.startUntilUp(),
    },
  ];
}

function struck(rig: DistributedRig, work: Work, victim: Victim, random: SeededRandom): Fault {
  const after = random.below(work.changes);
  return {
    name: `${victim.name} is killed in ${work.name}, ${after} changes after ${work.begins}`,
    strike: async () => {
      const { server } = rig.warehouse;
      server.holdChange({ begins: work.begins, after });
      let ended: Outcome | undefined;
      const doing = allOf(work.commands).then((outcome) => (ended = outcome));
      const held = await until(
        `${work.name} is in the middle of a statement`,
        () => {
          if (ended !== undefined) throw new Error(`${work.name} ended before it was struck: ${said(ended)}`);
          return server.heldChange();
        },
        () => true,
      );
      await victim.kill();
      await server.letGo();
      if (victim.does && isInExchange(held)) await rig.withoutProjectors(victim.revive);
      else await victim.revive();
      await doing;
      await rig.untilControlAnswers();
      await rig.untilGroupHas(2);
      const again = await allOf(work.commands);
      if (again.code !== 0) throw new Error(`${work.name} cannot be done again: ${said(again)}`);
    },
  };
}

/** A rebuild that is cut off here leaves tables that nobody may rely upon: docs/apps.md says to stop every projector, so that the log can be read anew. */
function isInExchange(statement: string): boolean {
  return /^(?:EXCHANGE TABLES|DROP TABLE)/u.test(statement);
}

/** One after the other, as long as they do what they should. */
async function allOf(commands: readonly (readonly string[])[]): Promise<Outcome> {
  let outcome: Outcome = { code: 0, stdout: '', stderr: '' };
  for (const command of commands) {
    outcome = await heed(command);
    if (outcome.code !== 0) return outcome;
  }
  return outcome;
}

function said({ code, stdout, stderr }: Outcome): string {
  return `exit code ${String(code)}, ${stderr}${stdout}`;
}
