import { Fault } from '@heed/kernel';

/** What the file system's refusal means to whoever chose the data folder; anything else passes through. */
export function folderFault(cause: unknown, dataDir: string): unknown {
  if (!(cause instanceof Error) || cause instanceof Fault || !('code' in cause)) return cause;
  switch (cause.code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new Fault(
        'data-folder-not-ours',
        `The data folder ${dataDir} may not be written by this user: ${cause.message}.`,
        'Run Heed as the user who made the folder, give the folder to this user, or choose another data folder.',
        { cause },
      );
    case 'EEXIST':
    case 'ENOTDIR':
      return new Fault(
        'data-folder-not-a-folder',
        `${dataDir} cannot be a data folder: it, or something above it, is a file.`,
        'Choose another data folder.',
        { cause },
      );
    case 'ENOSPC':
      return new Fault(
        'log-full',
        `The disk with the data folder ${dataDir} is full.`,
        'Free some space (500 MB at least) and start again; nothing that was accepted is lost.',
        { cause },
      );
    default:
      return cause;
  }
}
