/** A text as the bytes of a record. Half a surrogate pair has no bytes in UTF-8: a text that holds one goes as a JSON string, which escapes it. */
export interface RecordText {
  readonly text: string;
  readonly escaped: boolean;
}

export function toRecordText(text: string): RecordText {
  return text.isWellFormed() ? { text, escaped: false } : { text: JSON.stringify(text), escaped: true };
}

export function fromRecordText({ text, escaped }: RecordText): string {
  return escaped ? String(JSON.parse(text)) : text;
}
