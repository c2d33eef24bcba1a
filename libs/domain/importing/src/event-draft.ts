import { cloudEventOf, type CloudEvent, type EventData, type EventName } from '@heed/events';

/** An event before it has its id: which of the record's it is, when, and what. */
export interface EventDraft {
  readonly part: string;
  readonly finish: (envelope: EventEnvelope) => CloudEvent;
}

export interface EventEnvelope {
  readonly id: string;
  readonly session: string;
  readonly source: string;
}

export function draftOf<Name extends EventName>(
  name: Name,
  part: string,
  timeMs: number,
  data: EventData[Name],
): EventDraft {
  return {
    part,
    finish: (envelope) => cloudEventOf<Name>({ ...envelope, type: `heed.${name}.v1`, timeMs, data }),
  };
}
