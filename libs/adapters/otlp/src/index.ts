export { otlpCodec } from './otlp-codec.ts';
