import type { ErasureView } from '@heed/contract';
import { describe, expect, it } from 'vitest';
import { erasureListText, erasureText } from './erasure-text.ts';

const erasure: ErasureView = {
  ...{ id: 'e-1', upTo: '2026-03-01T12:00:00.000Z', state: 'pending', tries: 0 },
  ...{ failure: null, report: null },
};
const report = { events: 1, sessions: 2, labels: 0, fixesMarkedStale: [], modelsMarkedStale: [] };

describe('erasures in words', () => {
  it('are told with how far each has come, and why one fails', () => {
    const failure = {
      ...{ why: 'the disk is full', again: '2026-03-01T12:00:04.000Z' },
      ...{ meanwhile: 'Sessions may be missing.', do: 'Mend it.' },
    };
    const text = erasureListText([
      { ...erasure, id: 'e-0', state: 'failing', tries: 1, failure },
      { ...erasure, state: 'failing', tries: 3, failure },
      { ...erasure, id: 'e-2' },
      { ...erasure, id: 'e-3', state: 'done', tries: 1, report },
    ]);
    expect(text.split('\n').slice(1)).toEqual([
      'e-0      2026-03-01T12:00  failing  tried 1 time, again at 2026-03-01T12:00:04Z: the disk is full',
      'e-1      2026-03-01T12:00  failing  tried 3 times, again at 2026-03-01T12:00:04Z: the disk is full',
      'e-2      2026-03-01T12:00  pending  carried out when the warehouse has read all that was sent before',
      'e-3      2026-03-01T12:00  done     1 event erased, 2 sessions derived again, 0 labels gone',
      '',
      'failing: Sessions may be missing.',
      'Mend it.',
    ]);
  });

  it('say nothing of what may be missing where none fails', () => {
    expect(erasureListText([erasure])).not.toContain('failing');
  });

  it('are none where nobody was forgotten', () => {
    expect(erasureListText([])).toBe('No erasures: nobody was forgotten.');
  });

  it('name what went stale', () => {
    expect(erasureText({ ...report, fixesMarkedStale: ['fix-1', 'fix-2'] })).toBe(
      '1 event erased, 2 sessions derived again, 0 labels gone\nstale fixes: fix-1, fix-2',
    );
  });
});
