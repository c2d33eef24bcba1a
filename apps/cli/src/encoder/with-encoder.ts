import type { EncoderFolder } from '@heed/onnx';
import type { HeedClient } from '../connect/heed-client.ts';
import { RemoteFault } from '../connect/remote-fault.ts';
import { withService } from '../connect/with-service.ts';
import type { Invocation } from '../invocation.ts';

/** Faults of a service that was not given the encoder it needs. */
const LACKS_ENCODER: ReadonlySet<string> = new Set(['encoder-unknown', 'model-needs-encoder']);

/**
 * As `withService`: a service that is started for the work is given the encoder. One that runs already has those that it was started with; where it lacks one,
 * its refusal says how to start it with this one.
 */
export async function withEncoder<T>(
  invocation: Invocation,
  encoder: EncoderFolder | undefined,
  work: (client: HeedClient) => Promise<T>,
): Promise<T> {
  if (encoder === undefined) return withService(invocation, work);
  const { directory } = encoder;
  return withService(
    invocation,
    (client, isStartedHere) =>
      work(client).catch((thrown: unknown) => {
        if (isStartedHere || !(thrown instanceof RemoteFault) || !LACKS_ENCODER.has(thrown.code))
          throw thrown;
        throw new RemoteFault({
          ...{ status: thrown.status, code: thrown.code },
          detail: `${thrown.message} So answers the Heed at ${client.url.href}, which --encoder ${directory} does not change while it runs.`,
          remedy: `Start it with the encoder that it lacks, \`heed start --encoders ${directory}\` or HEED_ENCODERS, and run this again.`,
        });
      }),
    [directory],
  );
}
