import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { bundleResponse, type BundleResponse } from '@heed/contract';
import { Fault } from '@heed/kernel';
import { loadBundle } from '@heed/policies';
import { Command } from 'commander';
import { z } from 'zod';
import { action, type Cli } from '../command-action.ts';
import { withService } from '../connect/with-service.ts';
import { EXIT } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import type { Outcome } from '../outcome.ts';
import { counted } from '../output/numbers.ts';
import { table } from '../output/table.ts';
import { UsageFault } from '../usage-fault.ts';
import { bundleVerifier } from './bundle-verifier.ts';

const input = z.object({
  out: z.string().optional(),
  verify: z.string().optional(),
  publicKey: z.string().optional(),
});

const content = z.object({
  rewrites: z.array(z.object({ state: z.string(), text: z.string(), fix: z.string(), share: z.number() })),
  policies: z.record(z.string(), z.unknown()),
});

export function bundleCommand(cli: Cli): Command {
  return new Command('bundle')
    .summary('the signed bundle that the runtime decides by')
    .description('Shows the bundle that is published now, writes it to a file, or verifies one in a file.')
    .option('--out <file>', 'write the signed bundle there, as SDKs load it')
    .option(
      '--verify <file>',
      'check hash, signature and tenant of a bundle in a file; exits with 3 when they do not hold',
    )
    .option('--public-key <base64>', "the key to trust (default: the service's own)")
    .addHelpText('after', '\nExamples:\n  heed bundle --out bundle.json\n  heed bundle --verify bundle.json')
    .action(
      action(cli, input, (invocation, { out, verify, publicKey }) => {
        if (verify !== undefined) return verified(invocation, verify, publicKey);
        return published(invocation, out);
      }),
    );
}

async function published(invocation: Invocation, out: string | undefined): Promise<Outcome> {
  const bundle = await withService(invocation, (heed) => heed.get('/v1/bundle', bundleResponse));
  if (out !== undefined) await writeFile(resolve(invocation.shell.cwd, out), `${JSON.stringify(bundle)}\n`);
  const shown = summary(bundle);
  const written = out === undefined ? '' : `\n\nWritten to ${out}.`;
  const rewrites = table(shown.rewrites, [
    { title: 'request', of: ({ state }) => state, maxWidth: 40 },
    { title: 'becomes', of: ({ text }) => text, maxWidth: 40 },
    { title: 'fix', of: ({ fix }) => fix },
    { title: 'share', of: ({ share }) => `${(100 * share).toFixed(0)} %`, align: 'right' },
  ]);
  const title = `version ${bundle.version}  ${counted(shown.rewrites.length, 'rewrite')}\nsha256 ${bundle.sha256}\nsigned by key ${bundle.keyId}`;
  return { json: shown, text: `${title}${shown.rewrites.length === 0 ? '' : `\n\n${rewrites}`}${written}` };
}

async function verified(invocation: Invocation, file: string, given: string | undefined): Promise<Outcome> {
  const bundle = await bundleIn(invocation, file);
  const { publicKey, tenant } =
    given === undefined
      ? await withService(invocation, (heed) => heed.get('/v1/bundle', bundleResponse))
      : { publicKey: given, tenant: invocation.tenant };
  // Where a key decides about the tenant, the service knows which that is.
  const whose = invocation.namesTenant || invocation.key === undefined ? invocation.tenant : tenant;
  const loaded = await loadBundle(bundle, whose, bundleVerifier(publicKey));
  if (!loaded.ok) throw new BundleRefused(loaded.error.code, loaded.error.message);
  const { version, sha256, keyId } = bundle;
  return {
    json: { ...summary(bundle), verified: true },
    text: `${file} holds: version ${version}, sha256 ${sha256}, signed by key ${keyId}`,
    code: EXIT.done,
  };
}

/** The bundle in the file must not be served. */
export class BundleRefused extends Fault {
  constructor(code: string, message: string) {
    super(code, message, 'Do not serve this file; fetch the bundle again with `heed bundle --out FILE`.');
  }
}

async function bundleIn({ shell }: Invocation, file: string): Promise<BundleResponse> {
  const text = await readFile(resolve(shell.cwd, file), 'utf8').catch((cause: unknown) => {
    throw new UsageFault(
      `${file} cannot be read: ${cause instanceof Error ? cause.message : ''}`,
      'Check the path.',
    );
  });
  try {
    return bundleResponse.parse(JSON.parse(text));
  } catch {
    throw new BundleRefused('bundle-malformed', `${file} is not a signed bundle`);
  }
}

function summary(
  bundle: BundleResponse,
): z.infer<typeof content> & Pick<BundleResponse, 'version' | 'sha256' | 'signature'> {
  const { rewrites, policies } = content.parse(JSON.parse(bundle.content));
  return { version: bundle.version, rewrites, policies, sha256: bundle.sha256, signature: bundle.signature };
}
