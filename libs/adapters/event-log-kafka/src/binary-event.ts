import { isUtf8 } from 'node:buffer';
import { textOf, type LogRecord } from './log-record.ts';

const ATTRIBUTE = /^ce_(?<name>[a-z0-9]+)$/u;

/**
 * The one JSON text of an event in binary mode: its attributes come in `ce_` headers, its data as the value. The data's own text is
 * kept. Undefined when the record is in structured mode, or names no attribute.
 */
export function binaryEvent({ headers, value }: LogRecord): string | undefined {
  const contentType = textOf(headers['content-type']);
  if (contentType?.toLowerCase().startsWith('application/cloudevents') === true) return undefined;
  const attributes = Object.keys(headers).flatMap((header) => {
    const name = ATTRIBUTE.exec(header)?.groups?.['name'];
    const text = textOf(headers[header]);
    return name === undefined || name === 'data' || text === undefined ? [] : [[name, text] as const];
  });
  if (attributes.length === 0) return undefined;
  const fields = attributes.map(([name, text]) => `${JSON.stringify(name)}:${JSON.stringify(text)}`);
  if (contentType !== undefined) fields.push(`"datacontenttype":${JSON.stringify(contentType)}`);
  if (value !== null) fields.push(dataField(value));
  return `{${fields.join(',')}}`;
}

/** What is no JSON comes as a string, and bytes that are no text in base64: neither can be an event's data, and both are kept to the byte. */
function dataField(value: Buffer): string {
  if (!isUtf8(value)) return `"data_base64":"${value.toString('base64')}"`;
  const text = value.toString();
  try {
    JSON.parse(text);
    return `"data":${text}`;
  } catch {
    return `"data":${JSON.stringify(text)}`;
  }
}
