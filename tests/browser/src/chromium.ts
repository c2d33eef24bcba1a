import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { DevTools } from './dev-tools.ts';
import { Tab } from './tab.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const target = z.object({ targetId: z.string() });
const attached = z.object({ sessionId: z.string() });

export interface Chromium {
  newTab(url: string): Promise<Tab>;
  /** Ends as if the user closed it, or by SIGKILL as if the machine lost its power. */
  stop(how?: 'closed' | 'killed'): Promise<void>;
}

/** Starts a real Chromium without a window, with its profile in a folder. */
export async function startChromium(profile: string): Promise<Chromium> {
  const child = spawn(
    program(),
    [
      '--headless=new',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      // Root has no sandbox, and a container no shared memory to speak of.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      'about:blank',
    ],
    // A group of its own, so that its helpers can be ended with it.
    { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  );
  const exited = once(child, 'exit');
  const pid = z.number().parse(child.pid);
  const devTools = await DevTools.connect(await addressIn(createInterface({ input: child.stderr })));

  return {
    newTab: async (url) => {
      const { targetId } = target.parse(await devTools.send('Target.createTarget', { url: 'about:blank' }));
      const { sessionId } = attached.parse(
        await devTools.send('Target.attachToTarget', { targetId, flatten: true }),
      );
      const tab = new Tab(devTools, targetId, sessionId);
      await tab.prepare();
      await tab.open(url);
      return tab;
    },
    stop: async (how = 'closed') => {
      if (how === 'killed') process.kill(-pid, 'SIGKILL');
      // It may be gone before it answers.
      else await devTools.send('Browser.close').catch(() => undefined);
      await exited;
      devTools.close();
    },
  };
}

function program(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) =>
    existsSync(path),
  );
  if (found === undefined)
    throw new Error(`There is no Chromium on the PATH (${NAMES.join(', ')}). apt-get install chromium`);
  return found;
}

async function addressIn(lines: AsyncIterable<string>): Promise<string> {
  const printed: string[] = [];
  for await (const line of lines) {
    const address = /^DevTools listening on (ws:.*)$/.exec(line)?.[1];
    if (address !== undefined) return address;
    printed.push(line);
  }
  throw new Error(`Chromium did not start: ${printed.join('\n')}`);
}
