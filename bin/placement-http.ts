/**
 * PD's HTTP API on a socket: on the status port of a member of placement, and on its placement port, where tools of PD look for it. A member that does
 * not lead hands the request on to the one that does, once: tools may be pointed at any.
 */
import { type IncomingMessage, request as askHttp, type ServerResponse } from 'node:http';
import { request as askHttps } from 'node:https';
import { RutileError } from '../base/error.ts';
import { answerText } from '../kv/placement/index.ts';
import type { HttpHandler, TlsIdentity } from '../kv/server/index.ts';

export type Api = (
  method: string,
  path: string,
  body: unknown,
) => Promise<{ readonly status: number; readonly json: unknown }>;

/** Of a request. */
const BODY_SIZE_MAX = 1024 * 1024;
const HAND_ON_MS_MAX = 10_000;
/** Whoever handed the request on; PD's members say it by this name. */
const HANDED_ON = 'pd-redirector';

/** `self` names this member to the one that is asked in its place, `tls` shows who it is. */
export function placementHttp(api: Api, self: string, tls?: TlsIdentity): HttpHandler {
  return async (request, response) => {
    const path = request.url ?? '/';
    if (!path.startsWith('/pd/')) return send(response, 404, 'text/plain', '404 page not found\n');
    const text = await readBody(request);
    const body = text === undefined ? undefined : parsed(text);
    if (text === undefined || body === undefined)
      return send(response, 400, 'text/plain', 'the body is too large, or not JSON\n');
    try {
      const { status, json } = await api(request.method ?? 'GET', path, body.value);
      send(response, status, 'application/json', `${answerText(json)}\n`);
    } catch (error) {
      if (!(error instanceof RutileError)) throw error;
      const leader = error.code === 'placement.not-leader' ? String(error.fields['leader'] ?? '') : '';
      if (!/^https?:/.test(leader) || request.headers[HANDED_ON] !== undefined)
        // Nobody leads, or it has just changed: clients ask elsewhere, or again.
        return send(response, 503, 'text/plain', `${error.message}\n`);
      await handOn({ leader, self, tls }, request, text, response);
    }
  };
}

interface Hand {
  readonly leader: string;
  readonly self: string;
  readonly tls: TlsIdentity | undefined;
}

async function handOn(hand: Hand, request: IncomingMessage, body: string, response: ServerResponse): Promise<void> {
  try {
    const { status, type, text } = await askLeader(hand, request, body);
    send(response, status, type, text);
  } catch (error) {
    const why = `the leader of placement at ${hand.leader} does not answer: ${String(error)}\n`;
    send(response, 503, 'text/plain', why);
  }
}

function askLeader(
  { leader, self, tls }: Hand,
  { method = 'GET', url }: IncomingMessage,
  body: string,
): Promise<{ readonly status: number; readonly type: string; readonly text: string }> {
  const isTls = leader.startsWith('https:');
  const options = {
    method,
    headers: { [HANDED_ON]: self, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(HAND_ON_MS_MAX),
    agent: false,
    ...(isTls && tls?.serverOptions()),
  } as const;
  return new Promise((resolve, reject) => {
    const asked = (isTls ? askHttps : askHttp)(`${leader}${url}`, options, (answer) => {
      answer.setEncoding('utf8').toArray().then(
        (parts: string[]) => resolve({ status: answer.statusCode ?? 502, type: answer.headers['content-type'] ?? 'application/json', text: parts.join('') }),
        reject,
      ); // prettier-ignore
    });
    asked.on('error', reject);
    asked.end(method === 'GET' ? '' : body);
  });
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > BODY_SIZE_MAX) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

function parsed(text: string): { readonly value: unknown } | undefined {
  if (text === '') return { value: undefined };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, code: number, contentType: string, body: string): void {
  response.writeHead(code, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
