// Loaded into a service before anything of its own (`node --import`): its wall clock is then as many milliseconds away from the machine's as
// the file named in JUMPING_CLOCK says at that moment, as when an operator or a time server sets it. Clocks that never go back
// (timers, `performance.now`) stay as they are, for no setting of a clock moves them.
import { openSync, readSync } from 'node:fs';

const file = openSync(process.env['JUMPING_CLOCK'] ?? '', 'r');
const offsetMs = new Float64Array(1);
const machineNow = Date.now.bind(Date);

const now = (): number => {
  readSync(file, offsetMs, 0, offsetMs.byteLength, 0);
  return machineNow() + (offsetMs[0] ?? 0);
};

globalThis.Date = new Proxy(Date, {
  apply: (date) => new date(now()).toString(),
  construct: (date, given): object => {
    const made: unknown = given.length === 0 ? new date(now()) : Reflect.construct(date, given);
    if (typeof made === 'object' && made !== null) return made;
    throw new TypeError('a date is an object');
  },
  get: (date, name): unknown => (name === 'now' ? now : Reflect.get(date, name)),
});
