export { rewardGraph } from './reward-graph.ts';
