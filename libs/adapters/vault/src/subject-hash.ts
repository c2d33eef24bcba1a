import { hash } from 'node:crypto';
import type { DataSubject } from '@heed/events';

/** How the vault knows a subject. No tenant has a NUL in its name. */
export function subjectHash({ kind, tenant, id }: DataSubject): Buffer {
  return hash('sha256', Buffer.from(`${kind}\0${tenant}\0${id}`, 'utf16le'), 'buffer');
}

/** What stands for a key where an entry came into the log without one. No key's id begins so. */
export function sealOfUnsealed(subject: Buffer): string {
  return `~${subject.subarray(0, 12).toString('base64url')}`;
}
