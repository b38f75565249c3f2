/**
 * BatchCommands: one stream, many requests in flight, answers in any order and any grouping.
 *
 * A message costs about 30 µs to receive or send, a request inside it less than one. So answers that become ready in one
 * turn leave as one message: reads answer at once, writes of one log group become ready together, and `soon` runs after both.
 *
 * Bounded: with `inFlightMax` requests unanswered, or a client that does not read, the stream is not read until there is room.
 */
import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { Timers } from '../../base/world.ts';
import type { MaybePromise } from '../../base/outcome.ts';
import type { BatchCommandsRequest, BatchCommandsResponse } from '../../proto/wire/messages.ts';

/** A command by its name in the `cmd` oneof; `undefined`: not offered. */
export type CommandRunner = (name: string, request: object) => MaybePromise<object> | undefined;

/** Clients put up to 128 requests in a message; a few messages deep keeps the log busy. */
const IN_FLIGHT_MAX = 4096;
type Stream = ServerDuplexStream<BatchCommandsRequest, BatchCommandsResponse>;

export class BatchCommandsStream {
  private readonly stream: Stream;
  private readonly commands: CommandRunner;
  private readonly timers: Timers;
  private responses: Record<string, unknown>[] = [];
  private requestIds: number[] = [];
  private flushPlanned = false;
  private inFlight = 0;
  private paused = false;
  private congested = false;
  private ended = false;
  private closed = false;

  constructor(stream: Stream, commands: CommandRunner, timers: Timers) {
    this.stream = stream;
    this.commands = commands;
    this.timers = timers;
    stream.on('data', (message: BatchCommandsRequest) => this.receive(message));
    stream.on('drain', () => {
      this.congested = false;
      this.resumeWhenRoom();
    });
    stream.on('end', () => {
      this.ended = true;
      this.finishWhenDone();
    });
    stream.on('error', () => (this.closed = true));
    stream.on('cancelled', () => (this.closed = true));
  }

  private receive(message: BatchCommandsRequest): void {
    const { requests, request_ids: ids } = message;
    if (requests.length !== ids.length) {
      this.closed = true;
      this.stream.emit('error', { code: 3, details: `${requests.length} requests under ${ids.length} request_ids` });
      return;
    }
    for (let i = 0; i < requests.length; i++) this.start(requests[i]!, ids[i]!);
    if (this.inFlight >= IN_FLIGHT_MAX && !this.paused) {
      this.paused = true;
      this.stream.pause();
    }
  }

  private start(request: BatchCommandsRequest['requests'][number], id: number): void {
    const command = request.cmd;
    if (command === 'Empty') {
      this.answer(id, { Empty: { test_id: (request['Empty'] as { test_id: number }).test_id } });
      return;
    }
    const refused = command === undefined ? undefined : refusedCommand(command);
    if (refused !== undefined) return this.answer(id, { [command!]: refused });
    const answer = command === undefined ? undefined : this.commands(command, request[command] as object);
    if (command !== undefined && answer !== undefined) {
      if (!(answer instanceof Promise)) {
        this.answer(id, { [command]: answer });
        return;
      }
      this.inFlight++;
      void answer.then((value: object) => {
        this.inFlight--;
        this.answer(id, { [command]: value });
        this.resumeWhenRoom();
      });
      return;
    }
    // A command this server does not know decodes to no command at all, and there is no way to answer it inside the stream.
    this.closed = true;
    this.stream.emit('error', {
      code: 12,
      details: 'BatchCommands carries a command that is not offered',
    });
  }

  private answer(id: number, response: Record<string, unknown>): void {
    this.responses.push(response);
    this.requestIds.push(id);
    if (this.flushPlanned) return;
    this.flushPlanned = true;
    this.timers.soon(() => this.flush());
  }

  private flush(): void {
    this.flushPlanned = false;
    const message = { responses: this.responses, request_ids: this.requestIds };
    this.responses = [];
    this.requestIds = [];
    if (this.closed || this.stream.cancelled) return;
    if (!this.stream.write(message) && !this.congested) {
      this.congested = true;
      if (!this.paused) this.stream.pause();
      this.paused = true;
    }
    this.finishWhenDone();
  }

  private resumeWhenRoom(): void {
    if (this.paused && !this.congested && this.inFlight < IN_FLIGHT_MAX / 2) {
      this.paused = false;
      this.stream.resume();
    }
    this.finishWhenDone();
  }

  private finishWhenDone(): void {
    if (!this.ended || this.closed || this.inFlight > 0 || this.flushPlanned) return;
    this.closed = true;
    this.stream.end();
  }
}

/** Commands of TiKV that are not offered: where their answers have room for what went wrong. */
const NOT_OFFERED: Readonly<Record<string, (message: string) => object>> = {
  GC: byKey,
  DeleteRange: byText,
  RawBatchScan: byRegion,
  Coprocessor: (message) => ({ other_error: message }),
  RawCoprocessor: byText,
  FlashbackToVersion: byText,
  PrepareFlashbackToVersion: byText,
  Flush: byKey,
  BufferBatchGet: byKey,
  GetHealthFeedback: byRegion,
  BroadcastTxnStatus: byRegion,
};

/** One command that is refused does not end the others of its stream. */
function refusedCommand(name: string): object | undefined {
  return Object.hasOwn(NOT_OFFERED, name)
    ? NOT_OFFERED[name]!(`This version of Rutile doesn't yet support the command ${name}`)
    : undefined;
}

function byText(error: string): object {
  return { error };
}

function byKey(abort: string): object {
  return { error: { abort } };
}

function byRegion(message: string): object {
  return { region_error: { message } };
}
