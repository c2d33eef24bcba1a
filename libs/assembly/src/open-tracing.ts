import { faultFields, type Log } from '@heed/platform';
import { NO_TRACING, type Tracing } from '@heed/telemetry';
import { pairsIn, tracesUrl, type TracingSettings } from './tracing-settings.ts';
import { HEED_VERSION } from './version.ts';

/** Heed's own traces to where the settings say; without an endpoint nothing of OpenTelemetry is even loaded. */
export async function openTracing(app: string, settings: TracingSettings, log: Log): Promise<Tracing> {
  const url = tracesUrl(settings);
  if (url === undefined) return NO_TRACING;
  const { openTelemetryTracing } = await import('@heed/tracing');
  const { service = `heed-${app}`, sampler, ratio, resource = '' } = settings;
  const process = {
    url,
    service,
    version: HEED_VERSION,
    resource: pairsIn(resource) ?? {},
    sampler,
    ratio,
  };
  return openTelemetryTracing(process, (spans, fault) => {
    log.warn('spans-lost', { spans, ...faultFields(fault) });
  });
}
