/** How long a peer may take, and how many there may be: what keeps slow ones from holding what others need. */
export interface HttpLimits {
  /** A request's head must be there whole. */
  readonly headMs: number;
  /** A request must be there whole, its body included. */
  readonly requestMs: number;
  /** How often the two above are looked at. */
  readonly lookEveryMs: number;
  /** A body that takes longer than `bodyGraceMs` must have come at no less than this rate, from its first byte on. */
  readonly leastBytesPerSecond: number;
  readonly bodyGraceMs: number;
  /** Connections beyond are closed as they come. */
  readonly maxConnections: number;
}

/** A phone in a lift sends a kilobyte a second; who sends less does not want to be done. */
export const HTTP_LIMITS: HttpLimits = {
  headMs: 20_000,
  requestMs: 300_000,
  lookEveryMs: 1_000,
  leastBytesPerSecond: 1_024,
  bodyGraceMs: 20_000,
  maxConnections: 8_192,
};
