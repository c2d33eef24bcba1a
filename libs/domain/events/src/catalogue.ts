import type { z } from 'zod';
import { annotationV1 } from './annotation.ts';
import { behaviourV1 } from './behaviour.ts';
import { checkV1 } from './check.ts';
import { commentV1 } from './comment.ts';
import { comparisonV1 } from './comparison.ts';
import { erasureV1 } from './erasure.ts';
import { exposureV1 } from './exposure.ts';
import type { Immutable } from './immutable.ts';
import { outcomeV1 } from './outcome.ts';
import { ratingV1 } from './rating.ts';
import { reactionV1 } from './reaction.ts';
import { responseV1 } from './response.ts';
import { stageV1 } from './stage.ts';
import { turnV1 } from './turn.ts';
import { firstVersion, type StoredVersions, type VersionChain } from './version-chain.ts';

/** Every type of event with all its versions. A new version is added with `.next`; none is ever taken away or changed. */
export const EVENT_VERSIONS = {
  turn: firstVersion(turnV1),
  response: firstVersion(responseV1),
  reaction: firstVersion(reactionV1),
  behaviour: firstVersion(behaviourV1),
  comment: firstVersion(commentV1),
  annotation: firstVersion(annotationV1),
  comparison: firstVersion(comparisonV1),
  rating: firstVersion(ratingV1),
  stage: firstVersion(stageV1),
  check: firstVersion(checkV1),
  outcome: firstVersion(outcomeV1),
  exposure: firstVersion(exposureV1),
  erasure: firstVersion(erasureV1),
} as const;

export type EventName = keyof typeof EVENT_VERSIONS;

/** The newest shape of each type's data. */
export type EventData = {
  readonly [Name in EventName]: (typeof EVENT_VERSIONS)[Name] extends VersionChain<infer Data>
    ? Immutable<Data>
    : never;
};

/** The type of a new event, such as `heed.turn.v1`. */
export type EventType<Name extends EventName = EventName> = `heed.${Name}.v1`;

export interface CatalogueEntry<Name extends string = string> {
  readonly type: string;
  readonly name: Name;
  readonly version: number;
  readonly schema: z.ZodType;
  readonly versions: StoredVersions;
}

/** What a parser reads: the type as it is written in an event -> what it means. */
export type EventCatalogue<Name extends string = string> = ReadonlyMap<string, CatalogueEntry<Name>>;

/** @example catalogueOf({ turn: firstVersion(turnV1) }).get('heed.turn.v1')?.version // 1 */
export function catalogueOf<Name extends string>(
  versions: Readonly<Record<Name, StoredVersions>>,
): EventCatalogue<Name> {
  const catalogue = new Map<string, CatalogueEntry<Name>>();
  for (const name in versions) {
    for (const entry of entriesOf(name, versions[name])) catalogue.set(entry.type, entry);
  }
  return catalogue;
}

function entriesOf<Name extends string>(
  name: Name,
  versions: StoredVersions,
): readonly CatalogueEntry<Name>[] {
  return versions.steps.map(({ schema }, index) => {
    const version = index + 1;
    return { type: `heed.${name}.v${version}`, name, version, schema, versions };
  });
}

export const EVENT_CATALOGUE: EventCatalogue<EventName> = catalogueOf(EVENT_VERSIONS);
