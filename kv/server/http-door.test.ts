/** One placement port for gRPC and HTTP/1.1, and doors of one kind that lead to doors of that kind. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { Client, credentials } from '@grpc/grpc-js';
import { pd } from '../../proto/wire/messages.ts';
import type { GetMembersRequest, GetMembersResponse } from '../../proto/wire/messages.ts';
import { type GrpcListener, type HttpHandler, openPlacementServer } from './index.ts';
import type { PlacementFacts } from './placement-service.ts';

const MEMBERS = [
  { id: 1, name: 'p1', clientUrl: 'http://h:1', txnUrl: 'http://h:11' },
  { id: 2, name: 'p2', clientUrl: 'http://h:2', txnUrl: 'http://h:12' },
  // It has not said yet where its door for transactional clients is.
  { id: 3, name: 'p3', clientUrl: 'http://h:3' },
];

function open(bounds: 'raw' | 'memcomparable', http?: HttpHandler): Promise<GrpcListener> {
  const facts = { clusterId: 7, memberId: 1, name: 'p1', clientUrl: () => 'http://h:1', members: () => ({ members: MEMBERS, leaderId: 2 }) } as unknown as PlacementFacts; // prettier-ignore
  return openPlacementServer({ host: '127.0.0.1', port: 0, flag: '--placement-port', facts, bounds, http });
}

function members(door: GrpcListener): Promise<GetMembersResponse> {
  const client = new Client(`127.0.0.1:${door.port}`, credentials.createInsecure());
  const [request, response] = [pd<GetMembersRequest>('GetMembersRequest'), pd<GetMembersResponse>('GetMembersResponse')]; // prettier-ignore
  return new Promise<GetMembersResponse>((resolve, reject) => {
    client.makeUnaryRequest(
      '/pdpb.PD/GetMembers',
      (one: GetMembersRequest) => Buffer.from(request.encode(one).finish()),
      (bytes) => response.decode(bytes),
      {} as GetMembersRequest,
      (error, value) => (error ? reject(error) : resolve(value!)),
    );
  }).finally(() => client.close());
}

test('each kind of client is led to doors of its kind', async () => {
  const urls = async (bounds: 'raw' | 'memcomparable'): Promise<unknown> => {
    const door = await open(bounds);
    try {
      const { members: all, leader } = await members(door);
      return [all.map((one) => one.client_urls[0]), leader?.client_urls[0]];
    } finally {
      await door.close(0);
    }
  };
  assert.deepEqual(await urls('raw'), [['http://h:1', 'http://h:2', 'http://h:3'], 'http://h:2']);
  assert.deepEqual(await urls('memcomparable'), [['http://h:11', 'http://h:12'], 'http://h:12']);
});

test('the first bytes of a connection say whether it is gRPC or HTTP, in whatever pieces they come', async () => {
  const door = await open('raw', (request, response) => {
    if (request.url === '/broken') throw new Error('cannot');
    response.end(`${request.method} ${request.url}`);
  });
  try {
    assert.equal((await members(door)).members.length, 3);
    const at = `http://127.0.0.1:${door.port}`;
    assert.equal(await (await fetch(`${at}/pd/api/v1/ping`)).text(), 'GET /pd/api/v1/ping');
    assert.equal(await (await fetch(`${at}/x`, { method: 'POST', body: 'b' })).text(), 'POST /x');
    const broken = await fetch(`${at}/broken`);
    assert.deepEqual([broken.status, await broken.text()], [500, 'cannot\n']);
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(door.port, '127.0.0.1');
      let answer = '';
      socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
      socket.on('end', () => resolve(answer)).on('error', reject);
      socket.setNoDelay(true);
      // "PU" could still become the preface of HTTP/2 after its first byte.
      socket.write('P');
      setImmediate(() => socket.write('UT /y HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n'));
    });
    assert.match(text, /PUT \/y$/);
  } finally {
    await door.close(0);
  }
});
