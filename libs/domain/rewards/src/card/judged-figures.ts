import type { Interval } from '@heed/statistics';
import type { Judgement } from '../training-run/judge-examples.ts';
import type { Segment } from '../evaluation/segments.ts';
import type { JudgedFigures, SEGMENT_FIGURES } from './model-card.ts';
import { told } from './told.ts';

/** As JSON has it, which knows no NaN. */
export function judgedFiguresOf({ evaluation, segments }: Judgement): JudgedFigures {
  const [worst] = segments;
  return {
    n: evaluation.n,
    positives: evaluation.positives,
    auroc: told(evaluation.auroc),
    prAuc: told(evaluation.prAuc),
    logLoss: told(evaluation.logLoss),
    baseLogLoss: told(evaluation.baseLogLoss),
    ece: told(evaluation.ece),
    lengthAuroc: told(evaluation.lengthAuroc),
    lengthCorrelation: told(evaluation.lengthCorrelation),
    overLength: told(evaluation.overLength),
    overBaseRate: told(evaluation.overBaseRate),
    intervals: intervalsOf(evaluation.intervals),
    reliability: [...evaluation.reliability],
    segments: segments.map(segmentFiguresOf),
    worstSegment: worst === undefined ? null : `${worst.by} ${worst.name}`,
  };
}

function segmentFiguresOf(segment: Segment): JudgedFigures['segments'][number] {
  const { by, name, n, positives, auroc, intervals } = segment;
  const of = (figure: (typeof SEGMENT_FIGURES)[number]) => ({
    value: told(segment[figure]),
    interval: toldInterval(intervals[figure]),
  });
  return {
    ...{ by, name, n, positives },
    auroc: told(auroc),
    interval: toldInterval(intervals.auroc),
    figures: {
      prAuc: of('prAuc'),
      logLoss: of('logLoss'),
      baseLogLoss: of('baseLogLoss'),
      ece: of('ece'),
      lengthCorrelation: of('lengthCorrelation'),
    },
  };
}

function intervalsOf(intervals: Judgement['evaluation']['intervals']): JudgedFigures['intervals'] {
  const {
    auroc,
    prAuc,
    logLoss,
    baseLogLoss,
    ece,
    lengthAuroc,
    lengthCorrelation,
    overLength,
    overBaseRate,
  } = intervals;
  return {
    auroc: toldInterval(auroc),
    prAuc: toldInterval(prAuc),
    logLoss: toldInterval(logLoss),
    baseLogLoss: toldInterval(baseLogLoss),
    ece: toldInterval(ece),
    lengthAuroc: toldInterval(lengthAuroc),
    lengthCorrelation: toldInterval(lengthCorrelation),
    overLength: toldInterval(overLength),
    overBaseRate: toldInterval(overBaseRate),
  };
}

function toldInterval({ low, high }: Interval): { low: number | null; high: number | null } {
  return { low: told(low), high: told(high) };
}
