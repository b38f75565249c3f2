/**
 * `rutile ctl …`: a cluster's members, stores and regions for people, over PD's HTTP API on the status ports of placement's members. Several may be
 * named with `--status`; whichever leads answers. `--json` prints the answers as they came.
 */
import type { Command } from 'commander';
import { RutileError } from '../base/error.ts';

interface CtlFlags {
  readonly status: string;
  readonly json?: boolean;
}

type Json = Readonly<Record<string, unknown>>;
type Row = readonly (string | number)[];
const PREFIX = '/pd/api/v1';
const ANSWER_MS = 5000;

export function addCtlCommand(program: Command): void {
  const ctl = program.command('ctl').description('members, stores and regions of a cluster');
  const add = (name: string, description: string, run: (api: Api, ...args: string[]) => Promise<void>): Command =>
    ctl
      .command(name)
      .description(description)
      .option('--status <host:port>', 'status ports of placement members, separated by commas', '127.0.0.1:10080')
      .option('--json', 'the answer as it came')
      .action(async (...all: unknown[]) => {
        // Commander hands in the arguments, the flags and the command.
        const flags = all.at(-2) as CtlFlags;
        const args = all.slice(0, -2).flat().filter((one): one is string => typeof one === 'string'); // prettier-ignore
        await run(new Api(flags), ...args);
      });

  add('members', 'members of placement', async (api) => {
    const [answer, health] = [await api.get('/members'), await api.get('/health')];
    const leader = (answer['leader'] as Json | undefined)?.['member_id'];
    const isWell = (id: unknown) => (health as unknown as Json[]).find((one) => one['member_id'] === id)?.['health'];
    api.table(answer, ['id', 'name', 'address', 'state'], rowsOf(answer['members']).map((one) => [
      String(one['member_id']), String(one['name']), String((one['client_urls'] as string[])[0]),
      one['member_id'] === leader ? 'leader' : isWell(one['member_id']) === true ? (one['is_learner'] === true ? 'standby' : 'follower') : 'silent',
    ])); // prettier-ignore
  });
  add('leader <member>', 'hands the leadership of placement to a member (name or id)', (api, member) =>
    api.send('POST', `/leader/transfer/${encodeURIComponent(member!)}`),
  );
  add('remove-member <member>', 'takes a member out of placement (name or id)', (api, member) =>
    api.send('DELETE', `/members/${/^\d+$/.test(member!) ? 'id' : 'name'}/${encodeURIComponent(member!)}`),
  );
  add('stores', 'stores, buried ones too', async (api) => {
    const answer = await api.get('/stores?state=0&state=1&state=2');
    api.table(answer, ['id', 'address', 'state', 'labels', 'leaders', 'regions', 'size MiB', 'used', 'slow'], rowsOf(answer['stores']).map(storeRow)); // prettier-ignore
  });
  add('store <id> [action] [values...]', 'one store; actions: offline (empties it), up, label KEY=VALUE…, weight LEADER REGION', async (api, id, action, ...values) => {
    const path = `/store/${Number(id)}`;
    switch (action) {
      case undefined:
        return api.print(await api.get(path));
      case 'offline':
        return api.send('DELETE', path);
      case 'up':
        return api.send('POST', `${path}/state?state=Up`);
      case 'label':
        return api.send('POST', `${path}/label`, Object.fromEntries(values.map((one) => one.split(/=(.*)/s).slice(0, 2))));
      case 'weight':
        return api.send('POST', `${path}/weight`, { leader: Number(values[0]), region: Number(values[1]) });
      default:
        throw new RutileError('ctl.unknown', `a store has the actions offline, up, label and weight, not ${action}`);
    }
  }); // prettier-ignore
  add('regions [store]', 'all regions, or those of a store', async (api, store) => {
    const answer = await api.get(store === undefined ? '/regions' : `/regions/store/${Number(store)}`);
    api.table(answer, ['id', 'from', 'to', 'leader', 'stores', 'size MiB', 'keys', 'state'], rowsOf(answer['regions']).map(regionRow)); // prettier-ignore
  });
  add('region <id>', 'one region', async (api, id) => api.print(await api.get(`/region/id/${Number(id)}`)));
  add('check <what>', 'regions with miss-peer, extra-peer, down-peer, pending-peer, learner-peer, empty-region, oversized-region…', async (api, what) => {
    const answer = await api.get(`/regions/check/${encodeURIComponent(what!)}`);
    api.table(answer, ['id', 'from', 'to', 'leader', 'stores', 'size MiB', 'keys', 'state'], rowsOf(answer['regions']).map(regionRow));
  }); // prettier-ignore
  add('hot <kind>', 'hot regions: read or write', async (api, kind) => {
    if (kind !== 'read' && kind !== 'write') throw new RutileError('ctl.unknown', 'hot read, or hot write');
    api.print(await api.get(`/hotspot/regions/${kind}`));
  });
  add('operators', 'what is being changed now', async (api) => api.lines(await api.get('/operators')));
  add('cancel <region>', 'ends the operator of a region', (api, region) => api.send('DELETE', `/operators/${Number(region)}`)); // prettier-ignore
  add('schedulers', 'what decides by itself', async (api) => api.lines(await api.get('/schedulers')));
  add('scheduler <action> <name> [value]', 'add NAME [STORE], remove NAME, pause NAME SECONDS, resume NAME', (api, action, name, value) => {
    const path = `/schedulers/${encodeURIComponent(name!)}`;
    switch (action) {
      case 'add':
        return api.send('POST', '/schedulers', { name, ...(value === undefined ? {} : { store_id: Number(value) }) });
      case 'remove':
        return api.send('DELETE', path);
      case 'pause':
        return api.send('POST', path, { delay: Number(value ?? 60) });
      case 'resume':
        return api.send('POST', path, { delay: 0 });
      default:
        throw new RutileError('ctl.unknown', `schedulers have the actions add, remove, pause and resume, not ${action}`);
    }
  }); // prettier-ignore
  add('config [name] [value]', 'settings of the schedule; with a name and a value sets one', async (api, name, value) => {
    if (value !== undefined) return api.send('POST', '/config', { [name!]: /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value });
    const { schedule, replication } = await api.get('/config');
    const all = Object.entries({ ...(schedule as Json), ...(replication as Json) });
    api.table(Object.fromEntries(all), ['name', 'value'], all.filter(([one]) => name === undefined || one === name).map(([one, now]) => [one, String(now)]));
  }); // prettier-ignore
  const operator = (name: string, description: string, body: (...args: string[]) => Json): void => {
    add(name, description, (api, ...args) => api.send('POST', '/operators', body(...args)));
  };
  operator('transfer-leader <region> <store>', 'lets the peer on a store lead', (region, store) => ({ name: 'transfer-leader', region_id: Number(region), to_store_id: Number(store) })); // prettier-ignore
  operator('add-peer <region> <store>', 'a new replica', (region, store) => ({ name: 'add-peer', region_id: Number(region), store_id: Number(store) })); // prettier-ignore
  operator('add-learner <region> <store>', 'a new replica without a vote', (region, store) => ({ name: 'add-learner', region_id: Number(region), store_id: Number(store) })); // prettier-ignore
  operator('remove-peer <region> <store>', 'one replica less', (region, store) => ({ name: 'remove-peer', region_id: Number(region), store_id: Number(store) })); // prettier-ignore
  operator('move-peer <region> <from> <to>', 'a replica to another store', (region, from, to) => ({ name: 'transfer-peer', region_id: Number(region), from_store_id: Number(from), to_store_id: Number(to) })); // prettier-ignore
  operator('split <region>', 'cuts it in the middle', (region) => ({ name: 'split-region', region_id: Number(region), policy: 'approximate' })); // prettier-ignore
  operator('scatter <region>', 'its replicas to other stores', (region) => ({ name: 'scatter-region', region_id: Number(region) })); // prettier-ignore
  operator('merge <region> <into>', 'joins it to a neighbour', (region, into) => ({ name: 'merge-region', source_region_id: Number(region), target_region_id: Number(into) })); // prettier-ignore
}

class Api {
  private readonly flags: CtlFlags;

  constructor(flags: CtlFlags) {
    this.flags = flags;
  }

  async get(path: string): Promise<Json> {
    return (await this.ask('GET', path, undefined)) as Json;
  }

  /** Prints what was said. */
  async send(method: string, path: string, body?: Json): Promise<void> {
    const answer = await this.ask(method, path, body);
    console.log(typeof answer === 'string' ? answer : JSON.stringify(answer, undefined, 2));
  }

  print(answer: unknown): void {
    console.log(JSON.stringify(answer, undefined, 2));
  }

  lines(answer: unknown): void {
    if (this.flags.json) return this.print(answer);
    for (const line of answer as readonly string[]) console.log(line);
  }

  table(answer: unknown, names: readonly string[], rows: readonly Row[]): void {
    if (this.flags.json) return this.print(answer);
    const all = [names, ...rows.map((row) => row.map(String))];
    const widths = names.map((_name, i) => Math.max(...all.map((row) => row[i]!.length)));
    for (const row of all) console.log(row.map((cell, i) => cell.padEnd(widths[i]!)).join('  ').trimEnd()); // prettier-ignore
  }

  /** Of the first member that leads. */
  private async ask(method: string, path: string, body: Json | undefined): Promise<unknown> {
    const problems: string[] = [];
    for (const address of this.flags.status.split(',')) {
      let response: Response;
      try {
        response = await fetch(`http://${address}${PREFIX}${path}`, {
          method,
          signal: AbortSignal.timeout(ANSWER_MS),
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
      } catch (error) {
        const cause = (error as { cause?: { code?: string } }).cause?.code;
        problems.push(`${address}: ${cause ?? (error as Error).message}`);
        continue;
      }
      const text = (await response.text()).trim();
      // It does not lead, or is no member of placement.
      if (response.status === 503 || (response.status === 404 && !text.startsWith('"'))) {
        problems.push(`${address}: ${text}`);
        continue;
      }
      const answer: unknown = text === '' ? null : JSON.parse(text);
      if (!response.ok) throw new RutileError('ctl.refused', typeof answer === 'string' ? answer : text);
      return answer;
    }
    throw new RutileError('ctl.unavailable', `no leader of placement answers: ${problems.join('; ')}`);
  }
}

function rowsOf(list: unknown): readonly Json[] {
  return (list ?? []) as readonly Json[];
}

function storeRow(answer: Json): Row {
  const store = answer['store'] as Json;
  const status = answer['status'] as Json;
  const labels = rowsOf(store['labels']).map((one) => `${String(one['key'])}=${String(one['value'])}`);
  return [
    String(store['id']), String(store['address']), String(store['state_name']), labels.join(',') || '-', Number(status['leader_count'] ?? 0),
    Number(status['region_count'] ?? 0), Number(status['region_size'] ?? 0), String(status['used_size'] ?? '-'), Number(status['slow_score'] ?? 1),
  ]; // prettier-ignore
}

function regionRow(region: Json): Row {
  const peers = rowsOf(region['peers']);
  const state = [
    ...(rowsOf(region['down_peers']).length > 0 ? ['down'] : []),
    ...(rowsOf(region['pending_peers']).length > 0 ? ['pending'] : []),
  ];
  const leader = region['leader'] as Json | undefined;
  return [
    String(region['id']), placeText(String(region['start_key'])), placeText(String(region['end_key'])), String(leader?.['store_id'] ?? '-'),
    peers.map((peer) => `${String(peer['store_id'])}${peer['is_learner'] === true ? 'l' : ''}`).join(','), Number(region['approximate_size'] ?? 0),
    Number(region['approximate_keys'] ?? 0), state.join(',') || 'ok',
  ]; // prettier-ignore
}

/** A place of the region space: what prints as text, else hex; long ones are cut. */
function placeText(hex: string): string {
  if (hex === '') return '-';
  const bytes = Buffer.from(hex, 'hex');
  const isText = bytes.every((byte) => byte >= 0x21 && byte < 0x7f);
  const text = isText ? bytes.toString('latin1') : hex.toLowerCase();
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
