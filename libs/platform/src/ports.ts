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
export const REWARD_MODELS = Symbol('RewardModels');
export const OBSERVED_TURNS = Symbol('ObservedTurns');
export const REWARD_TRAINER = Symbol('RewardTrainer');
export const MODEL_FILES = Symbol('ModelFiles');
export const MODEL_SCORERS = Symbol('ModelScorers');
export const STALE_FIXES = Symbol('StaleFixes');
export const STALE_MODELS = Symbol('StaleModels');
export const ERASURE_REGISTER = Symbol('ErasureRegister');
export const WAREHOUSE_FORGETTING = Symbol('WarehouseForgetting');
export const TOUCHED_EVENTS = Symbol('TouchedEvents');
export const FIX_PROPOSALS = Symbol('FixProposals');
export const PAUSE_PROJECTION = Symbol('PauseProjection');
export const TENANT_REMOVAL = Symbol('TenantRemoval');
export const TRACE_CODEC = Symbol('TraceCodec');
export const SETTINGS = Symbol('Settings');
export const LOG = Symbol('Log');
export const NEEDS = Symbol('Needs');
export const METRICS = Symbol('Metrics');
export const TRACING = Symbol('Tracing');
export const REDACT = Symbol('Redact');
export const RETENTION_STORE = Symbol('RetentionStore');
export const RETENTION_SETTINGS = Symbol('RetentionSettings');
export const WAREHOUSE_EXPIRY = Symbol('WarehouseExpiry');
