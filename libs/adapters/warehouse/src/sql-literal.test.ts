import { describe, expect, it } from 'vitest';
import { withLiterals } from './sql-literal.ts';

describe('withLiterals', () => {
  it.each([
    ['{a:String}', 'x', "'x'"],
    ['{a:String}', `'; DROP TABLE sessions; --`, `'\\'; DROP TABLE sessions; --'`],
    ['{a:String}', `\\' OR 1`, `'\\\\\\' OR 1'`],
    ['{a:String}', '{b:String}', "'{b:String}'"],
    ['{a:String}', '$& $1', "'$& $1'"],
    ['{a:Date}', '2026-03-02', "CAST('2026-03-02', 'Date')"],
    ['{a:UInt64}', 18446744073709551615n, '18446744073709551615'],
    ['{a:Float64}', 0.5, "CAST(0.5, 'Float64')"],
    ['{a:Array(String)}', ["it's", ''], "['it\\'s','']"],
    ['{a:Array(UInt64)}', [1n, 2n], "CAST('[1,2]', 'Array(UInt64)')"],
    ['{a:Array(String)}', [], "CAST([], 'Array(String)')"],
  ])('writes %s of %s as a literal', (placeholder, value, literal) => {
    expect(withLiterals(`SELECT ${placeholder}`, { a: value })).toBe(`SELECT ${literal}`);
  });

  it.each([
    ['{missing:String}', {}],
    ['{a:UInt64}', { a: '1; DROP' }],
    ['{a:UInt64}', { a: 1.5 }],
    ['{a:Float64}', { a: Number.NaN }],
    ['{a:Array(String)}', { a: 'x' }],
    ['{a:Array(UInt64)}', { a: ['x'] }],
    ['{a:Tuple}', { a: 'x' }],
  ])('refuses %s of %o', (sql, values) => {
    expect(() => withLiterals(sql, values)).toThrow(TypeError);
  });

  it('leaves braces alone that are no placeholder', () => {
    expect(withLiterals('SELECT \'{"a":1}\'', {})).toBe('SELECT \'{"a":1}\'');
  });
});
