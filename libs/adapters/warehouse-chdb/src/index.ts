export { CLAIM_FILE, claimFolder, folderOwner, type FolderClaim, type FolderOwner } from './claim-folder.ts';
export { version } from './engine-version.ts';
export { isRebuildable, openChdbWarehouse, setAsideWarehouse } from './open-chdb-warehouse.ts';
export { openTemporaryWarehouse } from './open-temporary-warehouse.ts';
