import { scoreLogReport, type ScoreLogReport, type ScoreLogRequest } from '@heed/contract';
import type { EncoderFolder } from '@heed/onnx';
import { withEncoder } from '../encoder/with-encoder.ts';
import type { Invocation } from '../invocation.ts';
import { count, counted, duration } from '../output/numbers.ts';
import { showWork } from '../output/show-work.ts';
import { table, type Column } from '../output/table.ts';

/** Has the service score the turns of its log by a live model. */
export function scoreLog(
  invocation: Invocation,
  model: string,
  encoder: EncoderFolder | undefined,
  request: ScoreLogRequest,
): Promise<ScoreLogReport> {
  const path = `/v1/train/models/${encodeURIComponent(model)}/score-log`;
  return withEncoder(invocation, encoder, (heed) =>
    showWork(invocation.shell.stderr, (onProgress) => heed.work(path, request, scoreLogReport, onProgress)),
  );
}

const days: readonly Column<ScoreLogReport['byDay'][number]>[] = [
  { title: 'day', of: ({ day }) => day },
  { title: 'turns', of: ({ turns }) => count(turns), align: 'right' },
  { title: 'scored', of: ({ scored }) => count(scored), align: 'right' },
  { title: 'mean score', of: ({ meanScore }) => scoreText(meanScore), align: 'right' },
];

const policies: readonly Column<ScoreLogReport['byPolicy'][number]>[] = [
  { title: 'answered by', of: ({ responseModel }) => responseModel || '-' },
  { title: 'fix', of: ({ servedFix }) => servedFix || '-' },
  { title: 'scored', of: ({ scored }) => count(scored), align: 'right' },
  { title: 'mean score', of: ({ meanScore }) => scoreText(meanScore), align: 'right' },
];

export function scoreLogText(report: ScoreLogReport): string {
  const { model, turns, scored, scoredNow, leftOut, waiting, meanScore, byDay, byPolicy, seconds } = report;
  const parts = [
    `${model} in ${duration(seconds)}: ${counted(turns, 'turn')}, ${count(scoredNow)} scored now, ${count(scored - scoredNow)} before, ` +
      `${count(leftOut)} without an answer${waiting === 0 ? '' : `, ${count(waiting)} that came or changed meanwhile`}`,
    ...(turns === 0 ? ['There are no turns in this window: heed import FILE brings some in.'] : []),
    ...(meanScore === null ? [] : [`mean score ${scoreText(meanScore)}`]),
    ...(byDay.length === 0 ? [] : [table(byDay, days)]),
    ...(byPolicy.length === 0 ? [] : [table(byPolicy, policies)]),
  ];
  return parts.join('\n\n');
}

function scoreText(score: number | null): string {
  return score === null ? '-' : score.toFixed(3);
}
