import { describe, expect, it } from 'vitest';
import { pairsIn, tracesUrl, tracingSettings } from './tracing-settings.ts';

const url = (given: object): string | undefined => tracesUrl(tracingSettings.parse(given));

describe('where Heed tells of its own traces', () => {
  it.each([
    [{}, undefined],
    [{ endpoint: 'http://collector:4318' }, 'http://collector:4318/v1/traces'],
    [{ endpoint: 'https://collector/otlp/' }, 'https://collector/otlp/v1/traces'],
    [{ endpoint: 'http://a:1', tracesEndpoint: 'http://b:2/here' }, 'http://b:2/here'],
  ])('follows from %j', (given, expected) => {
    expect(url(given)).toBe(expected);
  });

  it.each([
    { endpoint: 'collector:4318' },
    { endpoint: 'grpc://collector:4317' },
    { sampler: 'sometimes' },
    { ratio: '1.5' },
    { ratio: '0x1' },
    { ratio: '' },
    { ratio: '1e-1' },
    { resource: 'no pair' },
    { resource: 'broken=%zz' },
  ])('is refused when it is %j', (given) => {
    expect(tracingSettings.safeParse(given).success).toBe(false);
  });

  it('takes attributes of the resource as the variable writes them', () => {
    expect(pairsIn('')).toEqual({});
    expect(pairsIn('deployment.environment.name=a%2Cb, team = search ,empty=')).toEqual({
      'deployment.environment.name': 'a,b',
      team: 'search',
      empty: '',
    });
  });
});
