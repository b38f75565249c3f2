/**
 * PD's HTTP API on a socket: on the status port of a member of placement, and on its placement port, where tools of PD look for it. A member that does
 * not lead hands the request on to the one that does, once: tools may be pointed at any.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { RutileError } from '../base/error.ts';
import { answerText } from '../kv/placement/index.ts';
import type { HttpHandler } from '../kv/server/index.ts';

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

/** `self` names this member to the one that is asked in its place. */
export function placementHttp(api: Api, self: string): HttpHandler {
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
      if (!leader.startsWith('http://') || request.headers[HANDED_ON] !== undefined)
        // Nobody leads, or it has just changed: clients ask elsewhere, or again.
        return send(response, 503, 'text/plain', `${error.message}\n`);
      await handOn(leader, self, request, text, response);
    }
  };
}

async function handOn(
  leader: string,
  self: string,
  request: IncomingMessage,
  body: string,
  response: ServerResponse,
): Promise<void> {
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(`${leader}${request.url}`, {
      method: request.method ?? 'GET',
      headers: { [HANDED_ON]: self, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(HAND_ON_MS_MAX),
      ...(body === '' || request.method === 'GET' ? {} : { body }),
    });
    text = await answer.text();
  } catch (error) {
    return send(
      response,
      503,
      'text/plain',
      `the leader of placement at ${leader} does not answer: ${String(error)}\n`,
    );
  }
  send(response, answer.status, answer.headers.get('content-type') ?? 'application/json', text);
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
