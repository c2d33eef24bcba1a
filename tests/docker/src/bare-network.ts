/** In place of Docker's network: each container has an address of this machine's own, and its name leads there. */
export class BareNetwork {
  readonly #addresses = new Map<string, string>();
  readonly #places = new Map<string, string>();

  /** An address that nobody else on this machine uses now: process ids are taken once at a time. */
  address(container: string): string {
    const known = this.#addresses.get(container);
    if (known !== undefined) return known;
    const next = `127.${64 + ((process.pid >> 8) & 127)}.${process.pid & 255}.${this.#addresses.size + 2}`;
    this.#addresses.set(container, next);
    return next;
  }

  /** What answers elsewhere than its name says, as `host:port`. */
  lead(place: string, to: string): void {
    this.#places.set(place, to);
  }

  /** A text of a container's settings, as it has to be said here. `0.0.0.0`, `127.0.0.1` and an empty host mean the container itself. */
  rewrite(text: string, container: string): string {
    const own = this.address(container);
    let rewritten = text
      .replaceAll(/(?<=:\/\/):(?=\d)/gu, `${own}:`)
      .replaceAll(/\b(?:0\.0\.0\.0|127\.0\.0\.1)\b/gu, own);
    for (const [place, to] of this.#places) rewritten = rewritten.replaceAll(place, to);
    for (const [name, address] of this.#addresses)
      rewritten = rewritten.replaceAll(new RegExp(`(?<![\\w.-])${name}(?=:\\d)`, 'gu'), address);
    return rewritten;
  }
}
