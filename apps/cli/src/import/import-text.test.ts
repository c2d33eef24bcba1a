import { expect, it } from 'vitest';
import { importText } from './import-text.ts';

const report = {
  read: 3,
  resumed: 0,
  rejectedRows: 0,
  accepted: 3,
  duplicates: 0,
  deadLetters: {},
  sentSeconds: 1,
  seconds: 121,
  unreadable: [],
};

it('is told that events are safe which the warehouse does not show yet', () => {
  expect(importText({ ...report, projected: false })).toContain('everything is safe in the log');
  expect(importText({ ...report, projected: true })).not.toContain('NOT SHOWN YET');
});
