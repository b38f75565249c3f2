/**
 * `rutile raw get|put|delete|scan|delete-range`: raw keys over gRPC, found through placement as any TiKV client does. Keys and values are
 * text; `0x…` gives bytes.
 */
import type { Command } from 'commander';
import type { Client } from '@grpc/grpc-js';
import { RutileError } from '../base/error.ts';
import type { Codec, GetAllStoresResponse } from '../proto/wire/messages.ts';
import { addTlsFlags } from './settings.ts';

interface RawFlags {
  readonly placement: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsCa?: string;
}

export function addRawCommand(program: Command): void {
  const raw = program.command('raw').description('read and write raw keys');
  const placement = ['--placement <host:port>', 'where placement listens', '127.0.0.1:2379'] as const;
  raw.command('get <key>').option(...placement).action((key: string, flags: RawFlags) =>
    withStore(flags, async (call) => {
      const answer = await call('RawGet', { key: bytesOf(key) });
      if (answer['not_found']) throw new RutileError('raw.not-found', `key ${key} does not exist`);
      console.log(textOf(answer['value'] as Uint8Array));
    }),
  ); // prettier-ignore
  raw.command('put <key> <value>').option(...placement).action((key: string, value: string, flags: RawFlags) =>
    withStore(flags, async (call) => void (await call('RawPut', { key: bytesOf(key), value: bytesOf(value) }))),
  ); // prettier-ignore
  raw.command('delete <key>').option(...placement).action((key: string, flags: RawFlags) =>
    withStore(flags, async (call) => void (await call('RawDelete', { key: bytesOf(key) }))),
  ); // prettier-ignore
  raw.command('delete-range <lower> <upper>').description('upper is exclusive').option(...placement).action((lower: string, upper: string, flags: RawFlags) =>
    withStore(flags, async (call) => void (await call('RawDeleteRange', { start_key: bytesOf(lower), end_key: bytesOf(upper) }))),
  ); // prettier-ignore
  raw
    .command('scan [lower] [upper]')
    .description('keys from lower (inclusive) to upper (exclusive)')
    .option(...placement)
    .option('--limit <count>', 'keys at the most', '100')
    .action((lower: string | undefined, upper: string | undefined, flags: RawFlags & { limit: string }) =>
      withStore(flags, async (call) => {
        const limit = Number(flags.limit);
        if (!Number.isSafeInteger(limit) || limit < 1)
          throw new RutileError('raw.limit', `--limit ${flags.limit} is not a whole number above 0`);
        const answer = await call('RawScan', { start_key: bytesOf(lower ?? ''), end_key: bytesOf(upper ?? ''), limit });
        for (const pair of answer['kvs'] as { key: Uint8Array; value: Uint8Array }[])
          console.log(`${textOf(pair.key)}\t${textOf(pair.value)}`);
      }),
    );
  for (const command of raw.commands) addTlsFlags(command);
}

type RawCall = (command: string, request: Record<string, unknown>) => Promise<Record<string, unknown>>;

async function withStore(flags: RawFlags, work: (call: RawCall) => Promise<void>): Promise<void> {
  const { Client } = await import('@grpc/grpc-js');
  const { clientCredentials } = await import('./tls.ts');
  const credentials = await clientCredentials({ ...flags });
  const { kvrpc, pd } = await import('../proto/wire/messages.ts');
  const placement = new Client(flags.placement, credentials);
  const stores = await unary(
    placement,
    '/pdpb.PD/GetAllStores',
    pd<unknown>('GetAllStoresRequest'),
    pd<GetAllStoresResponse>('GetAllStoresResponse'),
    {},
  ).finally(() => placement.close());
  const [store] = stores.stores;
  if (!store) throw new RutileError('raw.no-store', `placement at ${flags.placement} knows no store`);
  const client = new Client(store.address, credentials);
  try {
    await work(async (command, request) => {
      const answer = await unary(
        client,
        `/tikvpb.Tikv/${command}`,
        kvrpc<unknown>(`${command}Request`),
        kvrpc<Record<string, unknown>>(`${command}Response`),
        request,
      );
      const regionError = answer['region_error'] as { message: string } | null | undefined;
      if (regionError) throw new RutileError('raw.region', regionError.message);
      if (answer['error']) throw new RutileError('raw.refused', String(answer['error']));
      return answer;
    });
  } finally {
    client.close();
  }
}

function unary<Response>(
  client: Client,
  path: string,
  request: Codec<unknown>,
  response: Codec<Response>,
  message: unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      path,
      (one: unknown) => Buffer.from(request.encode(one).finish()),
      (reply: Buffer) => response.decode(reply),
      message,
      (error, value) =>
        error
          ? reject(new RutileError('raw.call', `${path}: ${error.details || error.message}`, { cause: error }))
          : resolve(value!),
    );
  });
}

export function bytesOf(text: string): Uint8Array {
  if (!text.startsWith('0x')) return Buffer.from(text);
  if (!/^0x([0-9a-fA-F]{2})*$/.test(text)) throw new RutileError('raw.hex', `${text} is not hexadecimal`);
  return Buffer.from(text.slice(2), 'hex');
}

/** Printable text as it is, anything else in the form that `bytesOf` reads. */
export function textOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString();
  return Buffer.from(text).equals(Buffer.from(bytes)) && !/\p{Cc}/u.test(text)
    ? text
    : `0x${Buffer.from(bytes).toString('hex')}`;
}
