/** Codecs of the wire: golden bytes, unknown fields, and no input that does worse than throw. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { PACKAGE_ROOT } from '../../base/node/package-root.ts';
import { kvrpc, pd, tikv, type BatchCommandsRequest, type RawGetRequest } from './messages.ts';

test('a batched get has the bytes that clients send', () => {
  // requests { RawGet { context { region_id: 2 } key: "k" } } request_ids: 300
  const golden = '0a096a070a02080212016b1202ac02';
  const request = tikv<BatchCommandsRequest>('BatchCommandsRequest').decode(Buffer.from(golden, 'hex'));
  assert.deepEqual(request.request_ids, [300]);
  assert.equal(request.requests[0]!.cmd, 'RawGet');
  const get = request.requests[0]!['RawGet'] as RawGetRequest;
  assert.equal(Buffer.from(get.key).toString(), 'k');
  assert.equal(get.context!.region_id, 2);
  assert.equal(
    Buffer.from(tikv<BatchCommandsRequest>('BatchCommandsRequest').encode(request).finish()).toString('hex'),
    golden,
  );
});

test('unknown fields are skipped, as a newer client needs', () => {
  const known = Buffer.from(
    kvrpc<{ key: Uint8Array }>('RawGetRequest')
      .encode({ key: Buffer.from('k') })
      .finish(),
  );
  const more = Buffer.concat([known, Buffer.from([0xfa, 0x01, 0x03, 1, 2, 3])]);
  assert.equal(Buffer.from(kvrpc<RawGetRequest>('RawGetRequest').decode(more).key).toString(), 'k');
});

test('mutated messages are decoded or thrown at, nothing worse', () => {
  const folder = `${PACKAGE_ROOT}/test/data/protobuf`;
  const corpus = readdirSync(folder)
    .sort()
    .map((name) => ({
      codec: codecOf(name),
      bytes: Buffer.from(readFileSync(`${folder}/${name}`, 'utf8').trim(), 'hex'),
    }));
  assert(corpus.length >= 6);
  let state = 20_261_122;
  const draw = (below: number): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) % below;
  let decoded = 0;
  for (let round = 0; round < 30_000; round++) {
    const { codec, bytes } = corpus[draw(corpus.length)]!;
    const mutated = Buffer.from(draw(4) === 0 ? bytes.subarray(0, draw(bytes.length + 1)) : bytes);
    for (let change = draw(4); change > 0 && mutated.length > 0; change--) mutated[draw(mutated.length)] = draw(256);
    try {
      codec.decode(mutated);
      decoded++;
    } catch (error) {
      assert(error instanceof Error);
      assert(!/stack|memory/i.test(error.message), error.message);
    }
  }
  assert(decoded > 1000, 'most mutations should leave something to decode');
});

function codecOf(name: string) {
  const message = name.replace(/\..*$/, '').replace(/-.*$/, '');
  return message.startsWith('kv')
    ? kvrpc<unknown>(message.slice(2))
    : message.startsWith('Batch')
      ? tikv<unknown>(message)
      : message.startsWith('Raw')
        ? kvrpc<unknown>(message)
        : pd<unknown>(message);
}
