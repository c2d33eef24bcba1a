import { conditionTest, fieldReader, optionalReader } from './field-reader.ts';
import type { MappedTurn, Note, TurnsReader } from './mapped-turn.ts';
import type { TurnsRule } from './mapping.ts';
import { itemsReader } from './items-reader.ts';
import { placesText } from './places-of.ts';
import { asNumber, asText } from './read-scalar.ts';
import { withoutUndefined } from './without-undefined.ts';

/** For logs that have a request and its response in one place: a row, or each item of a list. */
export function turnsReader(rule: TurnsRule): TurnsReader {
  const itemsOf = rule.each === undefined ? (record: unknown) => [record] : itemsReader(rule.each);
  const readTurn = turnReader(rule);
  const isSkipped = rule.skip.map(conditionTest);
  return (record, note) =>
    itemsOf(record, note)
      .filter((item) => !isSkipped.some((holds) => holds(item)))
      .map((item) => readTurn(item, note))
      .filter((turn) => turn !== undefined);
}

function turnReader(rule: TurnsRule): (item: unknown, note: Note) => MappedTurn | undefined {
  const request = fieldReader(rule.request);
  const missing = `there is no request at ${placesText(rule.request)}`;
  const [response, id, model, latency] = [rule.response, rule.id, rule.model, rule.latencyMs].map(
    optionalReader,
  );
  return (item, note) => {
    const text = request(item);
    if (text === undefined) {
      note(missing);
      return undefined;
    }
    return withoutUndefined({
      request: String(text),
      response: asText(response?.(item)),
      id: asText(id?.(item)),
      model: asText(model?.(item)),
      latencyMs: asNumber(latency?.(item), 'latencyMs', note),
      items: [item],
    });
  };
}
