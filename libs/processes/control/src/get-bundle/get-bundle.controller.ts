import {
  BUNDLE_SIGNATURE_HEADER,
  BUNDLE_VERSION_HEADER,
  bundleResponse,
  type BundleResponse,
} from '@heed/contract';
import type { TenantId } from '@heed/kernel';
import { BUNDLE_SIGNER, Describe, LeastRole, Tenant } from '@heed/platform';
import type { BundleSigner } from '@heed/policies';
import { Controller, Get, Headers, HttpStatus, Inject, Res } from '@nestjs/common';
import { BundlePublisher } from '../publish-bundle/bundle-publisher.ts';

/** As much of Fastify's reply as this route needs. */
interface Reply {
  header(name: string, value: string): unknown;
  code(status: number): unknown;
}

@Controller('v1/bundle')
export class GetBundleController {
  readonly #bundles: BundlePublisher;
  readonly #signer: BundleSigner;

  constructor(
    @Inject(BundlePublisher) bundles: BundlePublisher,
    @Inject(BUNDLE_SIGNER) signer: BundleSigner,
  ) {
    this.#bundles = bundles;
    this.#signer = signer;
  }

  @Get()
  @LeastRole('server')
  @Describe({
    summary: 'The signed bundle; 304 when If-None-Match names the one that is current.',
    response: bundleResponse,
  })
  async get(
    @Tenant() tenant: TenantId,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<BundleResponse | undefined> {
    const { signed } = await this.#bundles.current(tenant);
    const tag = `"${signed.sha256}"`;
    reply.header('etag', tag);
    reply.header('cache-control', 'no-cache');
    reply.header(BUNDLE_VERSION_HEADER, String(signed.version));
    reply.header(BUNDLE_SIGNATURE_HEADER, signed.signature);
    if (known?.split(',').some((name) => name.trim() === tag) === true) {
      reply.code(HttpStatus.NOT_MODIFIED);
      return undefined;
    }
    return { ...signed, tenant, publicKey: this.#signer.publicKeySpkiBase64 };
  }
}
