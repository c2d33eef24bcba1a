import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type Sampler,
} from '@opentelemetry/sdk-trace';

type Root = 'always_on' | 'always_off' | 'traceidratio';

/** What OTEL_TRACES_SAMPLER may be. */
export type SamplerName = Root | `parentbased_${Root}`;

const PARENT_BASED = 'parentbased_';

/** @param ratio of the traces that are recorded, from 0 to 1; for the samplers by ratio */
export function samplerNamed(name: SamplerName, ratio: number): Sampler {
  if (name.startsWith(PARENT_BASED)) {
    return new ParentBasedSampler({ root: root(name.slice(PARENT_BASED.length), ratio) });
  }
  return root(name, ratio);
}

function root(name: string, ratio: number): Sampler {
  if (name === 'always_off') return new AlwaysOffSampler();
  return name === 'traceidratio' ? new TraceIdRatioBasedSampler(ratio) : new AlwaysOnSampler();
}
