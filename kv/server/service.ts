/**
 * From message codecs to gRPC service definitions. Methods are described here by hand because a description is four lines and a
 * reflective loader would be a second source of truth. A method that no definition names is answered by grpc-js with
 * UNIMPLEMENTED and the method's path.
 */
import type { MethodDefinition } from '@grpc/grpc-js';
import type { Codec } from '../../proto/wire/messages.ts';

interface MethodShape<Request, Response> {
  readonly path: string;
  readonly request: Codec<Request>;
  readonly response: Codec<Response>;
  /** Both directions. */
  readonly stream?: boolean;
}

export function method<Request, Response>(shape: MethodShape<Request, Response>): MethodDefinition<Request, Response> {
  return {
    path: shape.path,
    requestStream: shape.stream === true,
    responseStream: shape.stream === true,
    requestSerialize: (message) => asBuffer(shape.request.encode(message).finish()),
    requestDeserialize: (bytes) => shape.request.decode(bytes),
    responseSerialize: (message) => asBuffer(shape.response.encode(message).finish()),
    responseDeserialize: (bytes) => shape.response.decode(bytes),
  };
}

/** A stream of requests and one answer. */
export function clientStreamMethod<Request, Response>(
  shape: Omit<MethodShape<Request, Response>, 'stream'>,
): MethodDefinition<Request, Response> {
  return { ...method(shape), requestStream: true, responseStream: false };
}

/** protobufjs makes Buffers under Node already; this only tells the compiler, and covers what it allocates otherwise. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
