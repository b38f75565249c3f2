/** grpc.health.v1: TiKV and PD clients ask both ports every second and leave a server that does not say SERVING. */
import type { Server } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import { healthCheckRequest, healthCheckResponse } from '../../proto/wire/messages.ts';
import { method } from './service.ts';

const SERVING = 1;
const NOT_SERVING = 2;

/** `services`: names that may be asked for besides the whole server (empty name). */
export function addHealthService(server: Server, services: readonly string[], isServing: () => boolean): void {
  const known = new Set(['', ...services]);
  server.addService(
    {
      Check: method({
        path: '/grpc.health.v1.Health/Check',
        request: healthCheckRequest,
        response: healthCheckResponse,
      }),
    },
    {
      Check: (call: { request: { service: string } }, done: (error: unknown, answer?: { status: number }) => void) => {
        if (!known.has(call.request.service))
          done({ code: status.NOT_FOUND, details: `unknown service ${call.request.service}` });
        else done(null, { status: isServing() ? SERVING : NOT_SERVING });
      },
    } as never,
  );
}
