export { PostgresErasureRegister } from './postgres-erasure-register.ts';
export { PostgresKeyVault } from './postgres-key-vault.ts';
export { openBodies } from './open-entries.ts';
export { sealedLog } from './sealed-log.ts';
