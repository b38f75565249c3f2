/** Every collation keeps its promise: order, sort keys and hash keys say the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { collationNamed, COLLATIONS, compileLike, likePrefix } from './index.ts';

const characters = fc.oneof(
  fc.constantFrom(
    'a',
    'A',
    'b',
    'B',
    'é',
    'E',
    'ß',
    's',
    'ü',
    ' ',
    '0',
    '-',
    '\t',
    '\u0001',
    'æ',
    'ﬁ',
    '가',
    '각',
    '日',
    '😀',
    '𠀀',
    '\u0301',
    'ﷺ',
    '\uffee',
  ),
  fc.string({ unit: 'grapheme', maxLength: 1 }),
);
const texts = fc.array(characters, { maxLength: 6 }).map((list) => list.join(''));
const runs = { numRuns: 3000, seed: 20240229 };

for (const collation of COLLATIONS) {
  test(`${collation.name}: compare, sortKey and hashKey agree`, () => {
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        const order = Math.sign(collation.compare(a, b));
        assert.equal(
          order,
          Buffer.compare(collation.sortKey(a), collation.sortKey(b)),
          `${JSON.stringify(a)} ${JSON.stringify(b)}`,
        );
        assert.equal(order === 0, collation.hashKey(a) === collation.hashKey(b));
        assert.equal(order === 0, collation.equals(a, b));
        assert.equal(Math.sign(collation.compare(b, a)) + 0, 0 - order + 0);
      }),
      runs,
    );
  });

  test(`${collation.name}: quick LIKE shapes agree with the walk`, () => {
    fc.assert(
      fc.property(
        texts,
        fc.array(fc.oneof(characters, fc.constantFrom('%', '_')), { maxLength: 6 }).map((list) => list.join('')),
        (text, pattern) => {
          // An extra `%` beside one changes the shape but not the meaning.
          const wanted = compileLike(pattern, '', collation)(text);
          if (pattern.includes('%')) assert.equal(compileLike(pattern.replace('%', '%%'), '', collation)(text), wanted);
          assert.equal(compileLike(`%${pattern}%`, '', collation)(`${text}`) || !wanted, true);
        },
      ),
      runs,
    );
  });
}

const key = (name: string, text: string): string => Buffer.from(collationNamed(name)!.sortKey(text)).toString('hex');

test('weights as other servers store them', () => {
  // From index entries written by TiDB: see test/data/encodings.
  assert.equal(key('utf8mb4_0900_ai_ci', 'Straße é'), '1e711e951e331c471e711e711caa02091caa');
  assert.equal(key('utf8mb4_0900_ai_ci', '日本'), 'fb40e5e5fb40e72c');
  assert.equal(key('utf8mb4_0900_ai_ci', '😀'), '15fb');
  assert.equal(key('utf8mb4_general_ci', 'Straße é'), '0053005400520041005300450020' + '0045');
  assert.equal(key('utf8mb4_general_ci', '😀'), 'fffd');
  assert.equal(key('utf8mb4_bin', 'a  '), '61');
  assert.equal(key('utf8mb4_0900_bin', 'a '), '6120');
});

test('what is equal and what is not', () => {
  const uca = collationNamed('utf8mb4_0900_ai_ci')!;
  const general = collationNamed('utf8mb4_general_ci')!;
  assert(uca.equals('ß', 'SS') && !general.equals('ß', 'SS') && general.equals('ß', 's'));
  assert(!uca.equals('a', 'a ') && general.equals('a', 'a ') && collationNamed('utf8mb4_bin')!.equals('a', 'a '));
  assert(uca.equals('e\u0301', 'É') && uca.equals('', '\u0000\u0007'));
  assert(uca.equals('ﬁ', 'FI') && uca.compare('z', 'Ä') > 0);
  assert.equal(collationNamed('UTF8_GENERAL_CI')!.name, 'utf8mb3_general_ci');
  assert.equal(collationNamed('klingon_ci'), undefined);
});

test('LIKE goes character by character', () => {
  const uca = collationNamed('utf8mb4_0900_ai_ci')!;
  const like = (text: string, pattern: string, escape = '\\'): boolean => compileLike(pattern, escape, uca)(text);
  assert(like('David!', 'david_') && like('😀x', '_X') && !like('ß', 'ss') && like('É', 'e'));
  assert(like('50%', '50\\%') && !like('500', '50\\%') && like('a_b', 'a|_b', '|') && !like('axb', 'a|_b', '|'));
  assert(!like('ab ', 'ab') && like('', '%') && !like('', '_') && like('abcbc', '%bc'));
  assert.deepEqual(likePrefix('abc%', '\\'), { prefix: 'abc', exact: false, prefixOnly: true });
  assert.deepEqual(likePrefix('a\\%b', '\\'), { prefix: 'a%b', exact: true, prefixOnly: false });
  assert.deepEqual(likePrefix('ab_c%', '\\'), { prefix: 'ab', exact: false, prefixOnly: false });
});
