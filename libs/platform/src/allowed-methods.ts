interface Route {
  readonly segments: readonly string[];
  readonly methods: readonly string[];
}

/** Which methods a path is served by, so that a wrong one is told from a wrong path: 405 with `Allow`, and not 404. */
export class AllowedMethods {
  readonly #routes: Route[] = [];

  /** A route as the router names it, e.g. `/v1/fixes/:id`. */
  add(url: string, methods: string | readonly string[]): void {
    this.#routes.push({
      segments: url.split('/'),
      methods: typeof methods === 'string' ? [methods] : methods,
    });
  }

  /** None when the path is nobody's. */
  of(url: string): readonly string[] {
    const segments = (url.split(/[?#]/u, 1)[0] ?? '').split('/');
    const methods = this.#routes.filter((route) => serves(route, segments)).flatMap((route) => route.methods);
    return [...new Set(methods)].sort();
  }
}

function serves(route: Route, segments: readonly string[]): boolean {
  const rest = route.segments.indexOf('*');
  const fixed = rest < 0 ? route.segments : route.segments.slice(0, rest);
  if (rest < 0 ? segments.length !== fixed.length : segments.length < fixed.length) return false;
  return fixed.every((name, at) => (name.startsWith(':') ? segments[at] !== '' : name === segments[at]));
}
