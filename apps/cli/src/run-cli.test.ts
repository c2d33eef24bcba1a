import { describe, expect, it } from 'vitest';
import { runHeed } from './testing/fake-shell.ts';

describe('the command line', () => {
  it('explains itself', async () => {
    const { code, stdout } = await runHeed(['--help']);
    expect(code).toBe(0);
    expect(stdout).toMatchSnapshot();
  });

  it.each([
    'start',
    'import',
    'mine',
    'fixes',
    'decide',
    'bundle',
    'models',
    'dead-letters',
    'doctor',
    'keys',
    'replay',
    'demo',
    'bench',
  ])('explains %s', async (command) => {
    const { code, stdout } = await runHeed([command, '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatchSnapshot();
  });

  it('lists what there is when a command is unknown', async () => {
    const { code, stdout, stderr } = await runHeed(['praise', 'love']);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain("unknown command 'praise'");
    expect(stderr).toContain('There are: start, import, mine,');
  });

  it('explains itself and exits with 2 when called with nothing', async () => {
    const { code, stderr } = await runHeed([]);
    expect(code).toBe(2);
    expect(stderr).toContain('Usage: heed');
  });

  it.each([
    [['mine', '--gate', 'sessions'], '--gate sessions is not NAME=VALUE'],
    [['mine', '--gate', 'luck=1'], 'there is no gate luck'],
    [['mine', '--since', 'yesterday'], '--since: expected a UTC day as YYYY-MM-DD'],
    [['mine', '--decay', '2'], '--decay: expected a number above 0, at most 1'],
    [['mine', '--unlabelled', 'maybe'], 'Allowed choices are unlabelled, success, failure, drop'],
    [['fixes', 'fix-1', 'praise'], 'Allowed choices are approve, canary, live, retire, block'],
    [['fixes', 'fix-1', '--why', 'so'], '--who and --why go with an action'],
    [['decide'], "missing required argument 'text'"],
    [['import'], "missing required argument 'file'"],
    [['import', 'x', '--session-gap', 'soon'], '--session-gap soon is not a time'],
    [
      ['import', 'x', '--map', 'm', '--format', 'cloudevents'],
      '--map goes with records that are no CloudEvents',
    ],
    [['doctor', '--url', 'nonsense'], '--url is not an http address'],
    [['doctor', '--data', 'd'], 'both --url and --data'],
  ])('exits with 2 at %j and says why', async (argv, why) => {
    const withUrl = argv.includes('--url') ? argv : [...argv, '--url', 'http://127.0.0.1:9'];
    const { code, stderr } = await runHeed(withUrl);
    expect(stderr).toContain(why);
    expect(code).toBe(2);
  });

  it('writes a failure as the one JSON document, and for people on stderr', async () => {
    const { code, stdout, stderr } = await runHeed(['doctor', '--json', '--url', 'http://127.0.0.1:9']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ problem: { code: 'unreachable' } });
    expect(stderr).toContain('Start one with `heed start`');
  });

  it('writes wrong usage as JSON too', async () => {
    const { code, stdout } = await runHeed(['mine', '--unlabelled', 'maybe', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ problem: { code: 'wrong-usage' } });
  });
});
