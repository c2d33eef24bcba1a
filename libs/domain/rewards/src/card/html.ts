/** A cell, or a row of them. Everything in it is text, and is escaped. */
export type Row = readonly (string | number | null)[];

export function section(title: string, ...content: readonly string[]): string {
  return `<section><h2>${escaped(title)}</h2>\n${content.filter((one) => one !== '').join('\n')}\n</section>`;
}

export function table(head: readonly string[], rows: readonly Row[]): string {
  const cells = (row: Row, tag: 'th' | 'td'): string =>
    row.map((cell) => `<${tag}>${escaped(String(cell ?? ''))}</${tag}>`).join('');
  return `<table><thead><tr>${cells(head, 'th')}</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n')}</tbody></table>`;
}

export function pairs(rows: readonly Row[]): string {
  return table(['', ''], rows);
}

export function figure(value: number | null): string {
  return value === null ? 'cannot be told' : value.toFixed(3);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (unit) => ENTITIES[unit] ?? '');
}
