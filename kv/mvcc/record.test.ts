import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareBytes, fromHex, toHex, utf8 } from '../../base/bytes.ts';
import {
  CLASS_RECORD,
  CLASS_ROLLBACK,
  decodeHistoryKey,
  decodeLock,
  encodeLock,
  encodeRecord,
  historyKey,
  isTsAfter,
  KIND_DELETE,
  KIND_PUT,
  type Lock,
  ReadTs,
  recordCommitTs,
  recordKind,
  recordStartTs,
} from './index.ts';

const TS = fc.bigInt({ min: 0n, max: 0xffffffffffffffffn });

test('the layout on disk, byte for byte', () => {
  assert.equal(
    toHex(encodeRecord(KIND_PUT, 0x0102030405060708n, 0x1112131415161718n, utf8('v'))),
    '11' + '0102030405060708' + '1112131415161718' + '76',
  );
  assert.equal(toHex(encodeRecord(KIND_DELETE, 2n, 1n, undefined)), '1200000000000000020000000000000001');
  assert.equal(toHex(historyKey(utf8('abc'), 1n, CLASS_ROLLBACK)), '6162630000000000fa' + 'fffffffffffffffe' + '01');
  assert.equal(
    toHex(historyKey(utf8('12345678'), 0n, CLASS_RECORD)),
    '3132333435363738ff' + '0000000000000000f7' + 'ffffffffffffffff' + '00',
  );
  const lock: Lock = {
    kind: 'put',
    startTs: 5n,
    ttlMs: 3000,
    forUpdateTs: 6n,
    minCommitTs: 7n,
    txnSize: 2,
    primary: utf8('p'),
    value: utf8('v'),
  };
  assert.equal(
    toHex(encodeLock(lock)),
    '11' +
      '0000000000000005' +
      '00000bb8' +
      '0000000000000006' +
      '0000000000000007' +
      '00000002' +
      '00000001' +
      '70' +
      '76',
  );
  assert.deepEqual(decodeLock(encodeLock(lock)), {
    ...lock,
    primary: new Uint8Array([0x70]),
    value: new Uint8Array([0x76]),
  });
});

test('a format of the future and a torn record are errors, not guesses', () => {
  assert.throws(() => recordKind(new Uint8Array([0x21]), 0), { code: 'kv.unknown-format' });
  assert.throws(() => decodeLock(new Uint8Array([0x21])), { code: 'kv.unknown-format' });
  assert.throws(() => decodeLock(fromHex('11')), { code: 'kv.corrupt' });
  assert.throws(() => decodeHistoryKey(new Uint8Array(10)), { code: 'kv.corrupt' });
});

test('history keys sort by key, then newest first, and come back as they were', () => {
  const key = fc.uint8Array({ maxLength: 20 });
  fc.assert(
    fc.property(key, key, TS, TS, (left, right, leftTs, rightTs) => {
      const decoded = decodeHistoryKey(historyKey(left, leftTs, CLASS_ROLLBACK));
      assert.deepEqual([toHex(decoded.key), decoded.ts, decoded.recordClass], [toHex(left), leftTs, CLASS_ROLLBACK]);
      const order = Math.sign(compareBytes(historyKey(left, leftTs, 0), historyKey(right, rightTs, 0)));
      const byKey = Math.sign(compareBytes(left, right));
      assert.equal(order, byKey !== 0 ? byKey : leftTs === rightTs ? 0 : leftTs > rightTs ? -1 : 1);
    }),
    { numRuns: 500, seed: 3 },
  );
});

test('a record gives back its timestamps, and compares with any other', () => {
  fc.assert(
    fc.property(TS, TS, TS, (commitTs, startTs, at) => {
      const record = encodeRecord(KIND_PUT, commitTs, startTs, new Uint8Array(3));
      assert.equal(recordCommitTs(record, 0), commitTs);
      assert.equal(recordStartTs(record, 0), startTs);
      const ts = new ReadTs(at);
      assert.equal(isTsAfter(record, 1, ts.high, ts.low), commitTs > at);
    }),
    { numRuns: 500, seed: 4 },
  );
});
