import type { Fault } from '../load/strikes.ts';
import { until } from '../until.ts';
import type { DistributedRig } from './distributed-rig.ts';

/** Between the first insert that a warehouse refuses and the last: projectors try again and again, and wait longer each time. */
const REFUSES_MS = 60_000;

/** Of all partitions: so many that each projector has some in hand. */
const ENTRIES_UNDER_WAY = 100;

/** More than those, and than all senders can have under way. */
const MORE_EVENTS = 400;

/** What can happen to a Heed of several processes, each with its mending. */
export function distributedFaults(rig: DistributedRig): readonly Fault[] {
  const [first, second] = rig.projectors;
  return [
    fault('the collector is killed', () => rig.collector.kill()),
    fault('a projector is killed', async () => {
      await first.kill();
      await rig.untilGroupHas(2);
    }),
    fault('the broker is killed', () => rig.broker.kill()),
    fault('control is killed', async () => {
      await rig.control.kill();
      await rig.untilControlAnswers();
    }),
    fault('PostgreSQL is killed', async () => {
      await rig.database.kill();
      await rig.untilControlAnswers();
    }),
    {
      ...fault('the warehouse refuses inserts for a minute', async () => {
        const { server } = rig.warehouse;
        await server.refuseInserts();
        await until(
          'inserts were refused for a minute',
          () => server.refusedForMs(),
          (ms) => ms >= REFUSES_MS,
        );
        await server.takeInserts();
      }),
      needsEvents: ENTRIES_UNDER_WAY,
    },
    {
      ...fault(
        'a projector falls asleep over a batch, and wakes when the group has given it up',
        async () => {
          // The warehouse first, so that batches are under way and stay so.
          await rig.warehouse.server.pause();
          await rig.untilLagIsAtLeast(ENTRIES_UNDER_WAY);
          await second.server.pause();
          rig.warehouse.server.resume();
          await rig.untilGroupHas(1);
          // The others do not wait for the sleeper, whatever he held.
          await rig.untilLagIsAtMost(0);
          second.server.resume();
          await rig.untilGroupHas(2);
        },
      ),
      needsEvents: MORE_EVENTS,
    },
    {
      ...fault('the broker is paused until the collector has given up on an answer', async () => {
        const { server } = rig.collector;
        const before = new Set(timeoutsIn(server.printed()));
        await rig.broker.server.pause();
        await until(
          'an append has timed out',
          () => timeoutsIn(server.printed()),
          (lines) => lines.some((line) => !before.has(line)),
        );
        await rig.untilOnlookersAreTold();
        rig.broker.server.resume();
      }),
      needsEvents: MORE_EVENTS,
    },
    fault('the warehouse is killed', () => rig.warehouse.kill()),
    fault('projectors come and go', async () => {
      await rig.guest.start();
      await rig.untilGroupHas(3);
      await first.end('SIGTERM');
      await rig.untilGroupHas(2);
      await first.start();
      await rig.untilGroupHas(3);
      await rig.guest.end('SIGTERM');
      await rig.untilGroupHas(2);
    }),
    fault('collector and projectors are killed at once', async () => {
      await Promise.all([rig.collector.kill(), first.kill(), second.kill()]);
      await rig.untilGroupHas(2);
    }),
  ];
}

function fault(name: string, strike: () => Promise<void>): Fault {
  return { name, strike };
}

/** Each line has its moment, so that no two are alike. */
function timeoutsIn(printed: string): readonly string[] {
  return printed.split('\n').filter((line) => line.includes('timed out'));
}
