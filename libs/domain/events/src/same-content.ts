import { withoutByteOrderMark } from './decode-body.ts';
import { readJson } from './read-json.ts';

/**
 * Whether two bodies say the same: equal as JSON, where neither the order of keys nor white space counts; equal as texts
 * where one of them is not JSON. This is what tells a repeated event from a conflicting one.
 *
 * @example sameContent('{"a":1,"b":2}', '{ "b": 2, "a": 1 }') // true
 */
export function sameContent(bodyA: string, bodyB: string): boolean {
  if (bodyA === bodyB) return true;
  const a = readJson(withoutByteOrderMark(bodyA));
  const b = readJson(withoutByteOrderMark(bodyB));
  return a.ok && b.ok && sameJson(a.value, b.value);
}

/** Keeps its own stack: the bodies may be nested deeper than the engine's would take. */
function sameJson(a: unknown, b: unknown): boolean {
  const open: (readonly [unknown, unknown])[] = [[a, b]];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [left, right] = pair;
    if (left === right) continue;
    if (!isContainer(left) || !isContainer(right) || Array.isArray(left) !== Array.isArray(right))
      return false;
    const keys = Object.keys(left);
    if (keys.length !== Object.keys(right).length) return false;
    for (const key of keys) {
      if (!Object.hasOwn(right, key)) return false;
      open.push([left[key], right[key]]);
    }
  }
  return true;
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
