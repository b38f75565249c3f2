/**
 * Failures of placement over gRPC and back: the code travels in trailing metadata beside a status that PD's clients understand, and with
 * `not leader` who leads. A failure without it is the way's: nobody could be reached.
 */
import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { RutileError } from '../../base/error.ts';

const CODE = 'rutile-code';
const LEADER = 'rutile-leader';

const STATUSES: Readonly<Record<string, status>> = {
  'placement.not-leader': status.UNAVAILABLE,
  'placement.unavailable': status.UNAVAILABLE,
  'placement.overloaded': status.RESOURCE_EXHAUSTED,
  'placement.closed': status.UNAVAILABLE,
  'placement.stale': status.FAILED_PRECONDITION,
  'placement.invalid': status.INVALID_ARGUMENT,
  'placement.tombstone': status.FAILED_PRECONDITION,
  'placement.no-member': status.FAILED_PRECONDITION,
  'placement.alone': status.FAILED_PRECONDITION,
  'placement.duplicate-address': status.ALREADY_EXISTS,
  'placement.safe-point-passed': status.FAILED_PRECONDITION,
  'kv.bad-key': status.INVALID_ARGUMENT,
};

export interface WireFailure {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}

export function toWireFailure(error: unknown): WireFailure {
  const metadata = new Metadata();
  const details = error instanceof Error ? error.message : String(error);
  if (!(error instanceof RutileError)) return { code: status.UNKNOWN, details, metadata };
  metadata.set(CODE, error.code);
  const leader = error.fields['leader'];
  if (typeof leader === 'string') metadata.set(LEADER, leader);
  return { code: STATUSES[error.code] ?? status.UNKNOWN, details, metadata };
}

export function fromWireFailure(error: unknown): RutileError {
  if (error instanceof RutileError) return error;
  const { metadata, details, message } = error as Partial<ServiceError>;
  const code = metadata?.get(CODE)[0];
  const text = details ?? message ?? String(error);
  // The one-process form serves clients, and has nothing for stores and members.
  if ((error as Partial<ServiceError>).code === status.UNIMPLEMENTED)
    return new RutileError('placement.alone', 'the placement there is of one process: nobody can join it', { cause: error }); // prettier-ignore
  if (typeof code !== 'string')
    return new RutileError('placement.unavailable', `placement does not answer: ${text}`, { retry: 'same', cause: error }); // prettier-ignore
  const leader = metadata?.get(LEADER)[0];
  return new RutileError(code, text, {
    retry: code === 'placement.not-leader' ? 'refresh' : 'same',
    ...(typeof leader === 'string' ? { fields: { leader } } : {}),
    cause: error,
  });
}
