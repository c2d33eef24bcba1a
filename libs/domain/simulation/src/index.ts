export { helpDesk } from './help-desk.ts';
export { csvLine, LOG_COLUMNS, logRows } from './log-rows.ts';
export { musicAndWeather } from './music-and-weather.ts';
export type { Scenario, ScenarioTruth, Wish, Wording } from './scenario.ts';
export { simulateSessions, type SimulatedEvent, type SimulationOptions } from './simulate-sessions.ts';
