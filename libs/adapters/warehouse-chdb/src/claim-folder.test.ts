import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Fault } from '@heed/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLAIM_FILE, claimFolder, folderOwner } from './claim-folder.ts';

describe('claimFolder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'heed-claim-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('refuses a folder that a living process owns, and names the process', async () => {
    const other = await ownerOf(folder);
    expect(claiming(folder)).toMatchObject({
      code: 'data-folder-in-use',
      message: expect.stringContaining(`${other.pid}`) as string,
    });
    await other.kill();
  });

  it('takes over what a process left behind that was killed', async () => {
    const other = await ownerOf(folder);
    await other.kill();
    expect(folderOwner(folder)).toBeNull();
    const claim = claimFolder(folder);
    expect(folderOwner(folder)?.pid).toBe(process.pid);
    claim.release();
  });

  it('takes over from a process whose id another has now', () => {
    writeFileSync(
      join(folder, CLAIM_FILE),
      JSON.stringify({ pid: process.pid, processStart: 'before', claim: 'c', facts: {} }),
    );
    claimFolder(folder).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes over a claim that cannot be read', () => {
    writeFileSync(join(folder, CLAIM_FILE), '{"pid":');
    claimFolder(folder).release();
  });

  it('is free again after its release, and a second release takes nothing from the next owner', () => {
    const first = claimFolder(folder);
    first.release();
    const second = claimFolder(folder);
    first.release();
    expect(folderOwner(folder)?.pid).toBe(process.pid);
    second.release();
    expect(folderOwner(folder)).toBeNull();
  });

  it('makes the folder, tells what the owner noted, and leaves nothing else in it', () => {
    const inside = join(folder, 'not', 'there', 'yet');
    const claim = claimFolder(inside);
    claim.note({ url: 'http://127.0.0.1:1' });
    expect(folderOwner(inside)).toEqual({ pid: process.pid, facts: { url: 'http://127.0.0.1:1' } });
    expect(readdirSync(inside)).toEqual([CLAIM_FILE]);
    claim.release();
  });
});

function claiming(folder: string): unknown {
  try {
    return claimFolder(folder);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(Fault);
    return thrown;
  }
}

/** Another process that owns the folder until it is killed. */
async function ownerOf(folder: string): Promise<{ readonly pid: number; kill(): Promise<void> }> {
  const script = `
    const { claimFolder } = await import(${JSON.stringify(new URL('./claim-folder.ts', import.meta.url).href)});
    claimFolder(${JSON.stringify(folder)});
    console.log('claimed');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return {
    pid: child.pid ?? -1,
    kill: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
