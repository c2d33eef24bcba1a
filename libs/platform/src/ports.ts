/** The consumer group whose lag is "not yet in the warehouse". */
export const PROJECTOR_GROUP = 'projector';

// Injection tokens, one for each port. An app binds them to adapters; the process modules know only these.
export const CLOCK = Symbol('Clock');
export const EVENT_LOG = Symbol('EventLog');
export const IMPORT_PROGRESS = Symbol('ImportProgress');
export const SESSION_STORE = Symbol('SessionStore');
export const CHAIN_STORE = Symbol('ChainStore');
export const WAREHOUSE_READER = Symbol('WarehouseReader');
export const WAREHOUSE_REBUILD = Symbol('WarehouseRebuild');
export const EVENT_STORE = Symbol('EventStore');
export const KEY_RING = Symbol('KeyRing');
export const BUNDLE_STORE = Symbol('BundleStore');
export const BUNDLE_SIGNER = Symbol('BundleSigner');
export const FIX_PROPOSALS = Symbol('FixProposals');
export const PAUSE_PROJECTION = Symbol('PauseProjection');
export const TENANT_REMOVAL = Symbol('TenantRemoval');
export const TRACE_CODEC = Symbol('TraceCodec');
export const SETTINGS = Symbol('Settings');
export const LOG = Symbol('Log');
export const METRICS = Symbol('Metrics');
