/** Documents: reading and its refusals, printing, order, paths and edits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Decimal } from './decimal.ts';
import { TypeCode } from './field-type.ts';
import { compareJsonKeys, compareUtf8, JsonDouble, jsonDepth, jsonObject, JsonOpaque, type JsonNode } from './json.ts';
import { compareJson, jsonHashKey } from './json-compare.ts';
import { parseJson } from './json-parse.ts';
import { editPath, findPath, matchPath, parseJsonPath } from './json-path.ts';
import { prettyJson, printJson } from './json-print.ts';

const runs = { numRuns: 1000, seed: 20240229 };

function read(text: string): JsonNode {
  const parsed = parseJson(text);
  assert.equal(parsed.kind, 'ok', text);
  return (parsed as { node: JsonNode }).node;
}

function path(text: string): Parameters<typeof matchPath>[1] {
  const parsed = parseJsonPath(text);
  assert.equal(parsed.kind, 'ok', text);
  return (parsed as { path: Parameters<typeof matchPath>[1] }).path;
}

test('whatever JSON.stringify writes is read, and printing is a fixed point', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const node = read(JSON.stringify(value));
      const printed = printJson(node);
      assert.equal(printJson(read(printed)), printed);
      assert.deepEqual(JSON.parse(printed), JSON.parse(JSON.stringify(value)));
      assert.equal(compareJson(node, read(printed)), 0);
      assert.equal(jsonHashKey(node), jsonHashKey(read(prettyJson(node))));
    }),
    runs,
  );
});

test('numbers keep their kind', () => {
  assert.equal(
    printJson(read('[1, 1.0, 1e2, -0, 18446744073709551615, 18446744073709551616, 9007199254740993]')),
    '[1, 1.0, 100.0, 0, 18446744073709551615, 1.8446744073709552e19, 9007199254740993]',
  );
});

test('keys are ordered by length, then bytes; the last of equals stays', () => {
  assert.equal(printJson(read('{"bb": 1, "a": 2, "b": 3, "a": 4, "é": 5}')), '{"a": 4, "b": 3, "bb": 1, "é": 5}');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      const [x, y] = [Buffer.from(a), Buffer.from(b)];
      if (x.toString() !== a || y.toString() !== b) return;
      assert.equal(Math.sign(compareUtf8(a, b)), Buffer.compare(x, y));
      assert.equal(
        Math.sign(compareJsonKeys(a, b)),
        x.length === y.length ? Buffer.compare(x, y) : Math.sign(x.length - y.length),
      );
    }),
    runs,
  );
});

test('what is no document is refused with its place', () => {
  for (const text of [
    '',
    '  ',
    '[1, 2',
    '{"a": }',
    '{a: 1}',
    '[1,]',
    '01',
    '"\\x"',
    '"a',
    '[1] 2',
    'nul',
    '{"a" 1}',
    '"\u0001"',
    '1e999',
    '+1',
    '.5',
    '\\',
  ]) {
    assert.equal(parseJson(text).kind, 'invalid', text);
  }
  assert.deepEqual(parseJson('{"a": x}'), { kind: 'invalid', reason: 'Invalid value.', position: 6 });
  assert.equal(parseJson('['.repeat(100) + ']'.repeat(100)).kind, 'ok');
  assert.equal(parseJson('['.repeat(101) + ']'.repeat(101)).kind, 'too-deep');
  assert.equal(jsonDepth(read('[[1], {"a": [2]}]')), 4);
});

test('order of kinds, and of numbers of all kinds', () => {
  const rising: JsonNode[] = [
    null,
    -1,
    new JsonDouble(0.5),
    1,
    'a',
    'b',
    jsonObject([['a', 1]]),
    [1],
    [1, 2],
    [2],
    false,
    true,
    new JsonOpaque(TypeCode.BLOB, new Uint8Array(1)),
  ];
  for (let i = 0; i < rising.length; i++) {
    for (let j = 0; j < rising.length; j++)
      assert.equal(compareJson(rising[i]!, rising[j]!), Math.sign(i - j), `${i} ${j}`);
  }
  const one = [1, new JsonDouble(1), new JsonOpaque(TypeCode.DECIMAL, Decimal.parse('1.0'))];
  for (const a of one) for (const b of one) assert.equal(compareJson(a, b), 0);
  assert.equal(new Set(one.map(jsonHashKey)).size, 1);
});

test('paths reach, wildcards reach many', () => {
  const root = read('{"a": [1, {"b": 2}, [3, 4]], "c d": {"b": 5}}');
  const at = (text: string): string => matchPath(root, path(text)).map(printJson).join(' ');
  assert.equal(at('$'), printJson(root));
  assert.equal(at('$.a[1].b'), '2');
  assert.equal(at('$.a[last]'), '[3, 4]');
  assert.equal(at('$.a[last-2]'), '1');
  assert.equal(at('$.a[0 to 1]'), '1 {"b": 2}');
  assert.equal(at('$."c d".b'), '5');
  assert.equal(at('$**.b'), '2 5');
  assert.equal(at('$.a[*]'), '1 {"b": 2} [3, 4]');
  assert.equal(at('$.a[0][0]'), '1');
  assert.equal(at('$.x'), '');
  assert.equal(findPath(root, path('$.a[2][1]')), 4);
  for (const wrong of ['', 'a', '$.', '$[', '$[-1]', '$**', '$.a b', '$[1 to 0]', '$..a', '$***.a']) {
    assert.equal(parseJsonPath(wrong).kind, 'invalid', wrong);
  }
});

test('edits make copies and leave the document alone', () => {
  const root = read('{"a": [1, 2], "b": 3}');
  const before = printJson(root);
  const edit = (text: string, change: Parameters<typeof editPath>[2]): string =>
    printJson(editPath(root, path(text), change));
  assert.equal(edit('$.a[1]', { kind: 'set', value: 9 }), '{"a": [1, 9], "b": 3}');
  assert.equal(edit('$.a[9]', { kind: 'insert', value: 9 }), '{"a": [1, 2, 9], "b": 3}');
  assert.equal(edit('$.b[1]', { kind: 'set', value: 9 }), '{"a": [1, 2], "b": [3, 9]}');
  assert.equal(edit('$.c', { kind: 'replace', value: 9 }), before);
  assert.equal(edit('$.a[0]', { kind: 'remove' }), '{"a": [2], "b": 3}');
  assert.equal(edit('$.b', { kind: 'array-append', value: 4 }), '{"a": [1, 2], "b": [3, 4]}');
  assert.equal(edit('$.a[1]', { kind: 'array-insert', value: 0 }), '{"a": [1, 0, 2], "b": 3}');
  assert.equal(printJson(root), before);
});
