/** Uniform in [0, 1), 32 bits of it. */
export function chance(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 4294967296;
}

/** 128 random bits as hex. Not `randomUUID`, which browsers withhold from pages without https. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
