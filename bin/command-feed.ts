/**
 * `rutile ctl feed`: commits to a range of rows as JSON lines, as they come, through the placement port and the stores' kv ports. Keys and values are
 * text, or `0x…` where they are not printable. It holds no safe point: who reads the distant past slowly may be told that it is gone.
 */
import type { Command } from 'commander';
import { nextPrefix } from '../base/bytes.ts';
import { RutileError } from '../base/error.ts';
import type { ChangeFeedItem } from '../kv/client/client.ts';
import { bytesOf, textOf } from './command-raw.ts';
import { addTlsFlags } from './settings.ts';

interface FeedFlags {
  readonly placement: string;
  readonly from: string;
  readonly prefix: string;
  readonly oldValues?: boolean;
  readonly resolved?: boolean;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsCa?: string;
}

const NOTHING = new Uint8Array(0);

export function addFeedCommand(program: Command): void {
  const ctl = program.commands.find((one) => one.name() === 'ctl')!;
  const feed = ctl
    .command('feed')
    .description('prints commits to rows as JSON lines, until it is interrupted')
    .option('--placement <host:port>', 'placement, several members separated by commas', '127.0.0.1:2379')
    .option('--from <timestamp>', 'commits above it; `now`, or a timestamp as the feed prints it', 'now')
    .option('--prefix <key>', 'of the keys: text, or 0x…; all rows without it', '')
    .option('--old-values', 'also what a key held before')
    .option('--resolved', 'also the timestamps up to which everything was told');
  addTlsFlags(feed);
  feed.action((flags: FeedFlags) => run(flags));
}

async function run(flags: FeedFlags): Promise<void> {
  const { createNodeWorld } = await import('../base/node/index.ts');
  const { LocalKvClient, RegionRouter, ROUTER_LIMITS } = await import('../kv/client/index.ts');
  const { RemotePlacement, RemoteStores } = await import('../kv/wire/index.ts');
  const { clientCredentials } = await import('./tls.ts');
  if (flags.from !== 'now' && !/^\d{1,20}$/.test(flags.from))
    throw new RutileError('ctl.timestamp', `--from ${flags.from} is neither a timestamp nor \`now\``);
  const world = createNodeWorld();
  const { tlsCert, tlsKey, tlsCa } = flags;
  const credentials = await clientCredentials({ tlsCert, tlsKey, tlsCa });
  // Whatever cluster answers there is the one that is meant.
  const placement = new RemotePlacement({ addresses: flags.placement.split(','), clusterId: 0, world, credentials });
  const stores = new RemoteStores({ clusterId: 0, world, credentials, address: (id) => placement.storeAddress(id) });
  const safePoints = { safePoint: () => 0n, holdSafePoint: () => ({ release: () => undefined }) };
  const router = new RegionRouter({ ...ROUTER_LIMITS, world, source: placement, storeOf: (id) => stores.get(id), safePoints }); // prettier-ignore
  const client = new LocalKvClient({ store: router, timestamps: placement, world });
  const fromTs = flags.from === 'now' ? await placement.next() : BigInt(flags.from);
  const lower = bytesOf(flags.prefix);
  const upper = lower.length === 0 ? NOTHING : (nextPrefix(lower) ?? NOTHING);
  const feed = client.feed({ lower, upper }, { fromTs, oldValues: flags.oldValues === true });
  process.once('SIGINT', () => feed.close());
  process.once('SIGTERM', () => feed.close());
  try {
    for (;;) {
      const lines = (await feed.next()).flatMap((item) => lineOf(item, flags) ?? []);
      if (lines.length === 0 || process.stdout.write(lines.join(''))) continue;
      await new Promise<void>((resolve) => process.stdout.once('drain', resolve));
    }
  } catch (error) {
    if (!(error instanceof RutileError)) throw error;
    if (error.code !== 'kv.closed') throw new RutileError(error.code, `${error.message} (go on with --from ${String(error.fields['resumeTs'])})`); // prettier-ignore
  } finally {
    await client.close();
    stores.close();
    placement.close();
  }
}

function lineOf(item: ChangeFeedItem, flags: FeedFlags): string | undefined {
  if (item.kind === 'resolved') return flags.resolved === true ? `{"resolved":"${item.ts}"}\n` : undefined;
  const { key, value, oldValue, startTs, commitTs } = item;
  const show = (bytes: Uint8Array | undefined): string | null => (bytes === undefined ? null : textOf(bytes));
  const old = flags.oldValues === true ? { old: show(oldValue) } : {};
  const times = { startTs: String(startTs), commitTs: String(commitTs) };
  return `${JSON.stringify({ key: textOf(key), value: show(value), ...old, ...times })}\n`;
}
