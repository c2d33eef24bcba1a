/** The whole of what the runtime needs for one tenant. Immutable; two bundles with the same content are the same bundle. */
export interface BundleContent {
  readonly format: 'heed.bundle.v1';
  readonly tenant: string;
  /** Sorted by state. */
  readonly rewrites: readonly BundleRewrite[];
  /** Variants by policy name; empty until experiments exist. */
  readonly policies: Readonly<Record<string, never>>;
}

export interface BundleRewrite {
  readonly state: string;
  readonly text: string;
  readonly fix: string;
  /** Share of units served, 0 < share <= 1; 1 when live, less in canary. */
  readonly share: number;
}

/** What travels: the content as the exact text that was hashed and signed, so that nobody has to agree on a serialisation. */
export interface SignedBundle {
  /** JSON text of a BundleContent. */
  readonly content: string;
  /** Lower-case hex SHA-256 of `content` as UTF-8: the bundle's name. */
  readonly sha256: string;
  /** Counts the tenant's publications, 1, 2, 3, ...; not part of the content. Rolling back publishes an older content again. */
  readonly version: number;
  /** Ed25519 over the UTF-8 text `heed.bundle.v1\n<tenant>\n<version>\n<sha256>`, base64. */
  readonly signature: string;
  /** First 16 hex digits of the SHA-256 of the public key's SPKI bytes. */
  readonly keyId: string;
}

export interface DecisionRequest {
  readonly text: string;
  /** The chain's name of the app's interpretation when it has one (`stateOfInterpretation`). */
  readonly interpretation?: string;
  /** Who sticks to one side of a canary: the user, else the session. Without a unit a canary is not served. */
  readonly unit?: string;
}

export interface Decision {
  readonly request: string;
  /** The text to send to the assistant instead, or null to leave the request as it is. */
  readonly rewrite: string | null;
  readonly fix: string | null;
  readonly policies: Readonly<Record<string, string>>;
  /** sha256 of the bundle that decided. */
  readonly bundle: string;
}
