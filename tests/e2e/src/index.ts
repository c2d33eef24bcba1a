export { startAppsApart, type AppsApart } from './apps-apart.ts';
export { caughtUp, postEvents } from './post-events.ts';
export { pythonEnvironment } from './python-environment.ts';
export { heed, heedJson, startHeed, startService, type Outcome, type Service } from './run-heed.ts';
export { testVectorEvents } from './test-vector.ts';
