/** Which patterns run under the watchdog is seen by what ends them: error 3699 instead of minutes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GuardedPattern } from './guarded-match.ts';

const matches = (source: string, text: string, flags = 'gu') =>
  new GuardedPattern(source, flags).run(text, (regexp) => regexp.test(text));

test('what would take minutes ends with error 3699', () => {
  const text = `${'a'.repeat(40)}!`;
  const slow = [
    '^(a+)+$',
    '^(a|aa)*$',
    '^(?:a*)*$',
    '^(a|a)+$',
    '^((a)+b?)*$',
    '^(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)[^!]$',
    '^(a{1,30}){1,30}$',
  ];
  for (const source of slow) assert.throws(() => matches(source, text), { errno: 3699 }, source);
  const long = 'a'.repeat(20_000);
  assert.throws(() => matches('a*a*a*b', long), { errno: 3699 });
});

test('the watched answer like the others, and a pattern works again after it was stopped', () => {
  const pattern = new GuardedPattern('^(a+)+$', 'gu');
  const stopped = 'a'.repeat(40) + '!';
  assert.throws(() => pattern.run(stopped, (regexp) => regexp.test(stopped)), { errno: 3699 });
  assert.equal(
    pattern.run('aaaa', (regexp) => regexp.test('aaaa')),
    true,
  );
  assert.equal(
    pattern.run('aab', (regexp) => regexp.test('aab')),
    false,
  );
  assert.equal(matches('(\\w+) \\1', 'so so'), true);
  assert.equal(matches('^[(+*|]+\\p{L}{2}$', '(*+ab'), true);
  assert.throws(() => matches('a', 'a').valueOf() && new GuardedPattern('a', 'g').run('a', () => { throw new TypeError('of the caller'); }), TypeError); // prettier-ignore
});
