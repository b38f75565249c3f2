/** TLS of the gRPC doors and of the commands that knock at them, from `--tls-cert`, `--tls-key` and `--tls-ca`. */
import type { ChannelCredentials } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import type { Timers } from '../base/world.ts';
import { TlsIdentity } from '../kv/server/tls.ts';
import { readTlsFiles, type Settings } from './settings.ts';

/** Undefined: plain text. Fails with `tls.files`. */
export function openTls(settings: Settings, timers: Timers, log: Logger): TlsIdentity | undefined {
  const { tlsCert: cert, tlsKey: key, tlsCa: ca } = settings;
  if (cert === '') {
    const open = settings.kvPort !== 'off' || settings.placementPort !== 'off';
    if (open && !/^(?:127\.|localhost$|::1$|\[::1\]$)/.test(settings.host))
      log.warn(
        `the gRPC doors on ${settings.host} speak plain text to anybody: give --tls-cert, --tls-key and --tls-ca`,
      );
    return undefined;
  }
  return TlsIdentity.open(
    { cert, key, ca },
    {
      timers,
      onReloaded: (subject) => log.info({ subject }, 'new certificates are in use'),
      onReloadFailed: (error) => log.error(`certificates were not reloaded, the old ones stay: ${error.message}`),
    },
  );
}

/** For a command that makes a few calls and ends. */
export async function clientCredentials(
  flags: Readonly<Record<string, string | undefined>>,
): Promise<ChannelCredentials> {
  const { credentials } = await import('@grpc/grpc-js');
  const files = readTlsFiles(flags, process.env);
  if (files === undefined) return credentials.createInsecure();
  const timers = { every: () => ({ cancel: () => undefined }) };
  return TlsIdentity.open(files, { timers }).channelCredentials();
}
