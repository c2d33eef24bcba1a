/**
 * jsonb refuses two things that JSON and JavaScript know: the NUL character and half a surrogate pair. Data with one of
 * them is stored as its JSON text inside this one-key object.
 */
const asText = 'heed:json';

export function toJsonColumn(data: unknown): string {
  const json = JSON.stringify(data);
  return /\\u(?:0000|d[89a-f])/i.test(json) || isWrapped(data) ? JSON.stringify({ [asText]: json }) : json;
}

export function fromJsonColumn(column: unknown): unknown {
  return isWrapped(column) ? JSON.parse(column[asText]) : column;
}

function isWrapped(value: unknown): value is { readonly [asText]: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === 1 &&
    asText in value &&
    typeof value[asText] === 'string'
  );
}
