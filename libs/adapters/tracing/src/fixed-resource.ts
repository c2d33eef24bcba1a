import type { ReadableSpan } from '@opentelemetry/sdk-trace';

type Resource = ReadableSpan['resource'];

/** A resource that is known from the start. */
export function fixedResource(attributes: Resource['attributes']): Resource {
  return {
    attributes,
    merge: (other) => fixedResource({ ...attributes, ...other?.attributes }),
    getRawAttributes: () => Object.entries(attributes),
  };
}
