export { type CompilePattern, type Pattern, type PatternOptions, type Span } from './pattern.ts';
export { redactBody, type Body, type RedactedBody } from './redact-body.ts';
export { parseRedactionRules, type FieldRule, type RedactionRules } from './redaction-rules.ts';
