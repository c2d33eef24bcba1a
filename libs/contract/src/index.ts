export * from './decide.ts';
export * from './fixes.ts';
export * from './headers.ts';
export * from './ingest.ts';
export * from './mine.ts';
export * from './problem.ts';
export * from './status.ts';
