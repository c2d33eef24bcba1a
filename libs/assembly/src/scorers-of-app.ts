import { modelScorers, type EncoderFolders } from '@heed/onnx';
import type { ModelScorers } from '@heed/rewards';
import type { OnApplicationShutdown } from '@nestjs/common';

/** Models that are loaded as they are asked for, and let go, with the encoders beside them, when the app has answered its last request. */
export function scorersOfApp(
  read: Parameters<typeof modelScorers>[0],
  encoders: EncoderFolders,
): ModelScorers & OnApplicationShutdown {
  const scorers = modelScorers(read, { encoders });
  return {
    score: (tenant, version, turns) => scorers.score(tenant, version, turns),
    async onApplicationShutdown() {
      await scorers.close();
      await encoders.close();
    },
  };
}
