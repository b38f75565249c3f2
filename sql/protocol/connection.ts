/**
 * One client connection: the state machine between a socket and a session.
 *
 *     greeting ─► hello ─► (authentication packets) ─► OK ─► command, answer, command, answer, …
 *
 * Invariants. One command runs at a time: while one waits for something, the reader is paused, and what the client sends
 * meanwhile stays in the socket. Everything that one turn has to say leaves in one write. A client that does not read its
 * answer stops the executor (result-writer.ts). A malformed packet gets its error and
 * the connection ends, since nobody knows where the next one starts; a failed statement only gets its error.
 *
 * The common statement runs through without a promise: bytes in, session, rows into the writer, bytes out.
 */
import { isPromise, type MaybePromise } from '../../base/outcome.ts';
import { SqlError } from '../../base/error.ts';
import type { Account } from '../session/accounts.ts';
import type { Session } from '../session/session.ts';
import { closeCursor, type PreparedStatement } from '../session/prepared.ts';
import type { StatementResult } from '../session/result.ts';
import { Authentication, type AuthenticationStep } from './authentication.ts';
import { ByteReader, malformedPacket } from './byte-reader.ts';
import { charsetOfId } from './charsets.ts';
import { algorithmOf, Compression } from './compression.ts';
import type { ConnectionHost, Wire } from './connection-host.ts';
import { Capability, Command } from './constants.ts';
import { accessDenied, isFatal, isInternal, toClientError } from './errors.ts';
import { readChangeUser, readHandshakeResponse, type ClientHello } from './handshake.ts';
import { LocalInfile } from './local-infile.ts';
import { writeAuthMoreData, writeAuthSwitch, writeEndOfRows, writeError, writeGreeting, writeOk } from './messages.ts';
import { PacketReader } from './packet-reader.ts';
import { PacketWriter } from './packet-writer.ts';
import { meets, type TlsFacts } from './tls.ts';
import { readParameters, type BoundParameters } from './parameters.ts';
import { readExecution, readQueryAttributes } from './query-attributes.ts';
import { sqlTextOf } from './sql-text.ts';
import { FLUSH_BYTES, type ResultHost, ResultWriter } from './result-writer.ts';

type Phase = 'hello' | 'tls' | 'authentication' | 'command' | 'infile' | 'closed';

/** Largest message before authentication: nobody unknown may make us keep more. */
const HELLO_BYTES_MAX = 64 * 1024;

export class Connection implements ResultHost {
  readonly id: number;
  session: Session | undefined;
  private readonly wire: Wire;
  private readonly host: ConnectionHost;
  private readonly reader: PacketReader;
  readonly out = new PacketWriter();
  private readonly results = new ResultWriter(this);
  private readonly cursor = new ByteReader();
  private phase: Phase = 'hello';
  capabilities = 0;
  private hello: ClientHello | undefined;
  private nonce: Buffer;
  private authentication: Authentication | undefined;
  private tls: TlsFacts | undefined;
  private account: Account | undefined;
  private infile: LocalInfile | undefined;
  private compression: Compression | undefined;
  /** The file that the client sends is read more slowly than it comes. */
  private held = false;
  private busy = false;
  private closing = false;
  /** Runs when the running command has been answered (drain of the server, KILL). */
  private endWhenIdle = false;

  constructor(options: { id: number; wire: Wire; host: ConnectionHost }) {
    this.id = options.id;
    this.wire = options.wire;
    this.host = options.host;
    this.nonce = options.host.nonce();
    this.reader = new PacketReader(HELLO_BYTES_MAX, (buffer, start, end, sequence) =>
      this.onMessage(buffer, start, end, sequence),
    );
  }

  start(): void {
    writeGreeting(this.out, {
      connectionId: this.id,
      nonce: this.nonce,
      plugin: this.host.defaultPlugin,
      tls: this.wire.secure !== undefined,
    });
    this.reader.expect(this.out.sequence);
    this.flush();
  }

  /** Refuses the client with an error instead of a greeting. */
  refuse(error: SqlError): void {
    this.host.noteRefused(error.message);
    writeError(this.out, toClientError(error), Capability.PROTOCOL_41);
    this.close();
  }

  // hot
  onData(chunk: Buffer): void {
    if (this.phase === 'closed') return;
    try {
      if (this.compression === undefined) this.reader.push(chunk);
      else {
        this.compression.add(chunk);
        this.readFrames(this.compression);
      }
      if (this.busy && this.phase !== 'infile' && this.bufferedBytes > FLUSH_BYTES) this.wire.pause();
    } catch (error) {
      const { refusedSequence } = this.reader;
      if (refusedSequence !== undefined) this.out.sequence = (refusedSequence + 1) & 0xff;
      this.fail(error);
      return;
    }
    if (this.phase === 'tls') this.beginTls();
    if (!this.busy) this.flush();
  }

  private get bufferedBytes(): number {
    return this.reader.bufferedBytes + (this.compression?.bufferedBytes ?? 0);
  }

  /** Frame by frame, as long as what is in them is wanted. */
  private readFrames(compression: Compression): void {
    while (!this.reader.isPaused && !this.held && (this.phase as Phase) !== 'closed') {
      if (compression.beginsCommand) this.flush();
      const plain = compression.next();
      if (plain === undefined) return;
      this.reader.push(plain);
    }
  }

  /** From the packet after this OK on. */
  private beginCompression(session: Session): void {
    const algorithm = algorithmOf(this.capabilities);
    if (algorithm === undefined || this.compression !== undefined) return;
    this.flush();
    this.compression = new Compression(algorithm, this.hello!.zstdLevel);
    this.reader.checksSequence = false;
    session.compression = this.compression;
  }

  /** The client is gone. */
  onClosed(): void {
    if (this.phase === 'closed' && this.session === undefined) return;
    this.phase = 'closed';
    this.abortInfile();
    const session = this.session;
    this.session = undefined;
    session?.disconnected();
  }

  /** Whoever loads it would wait for ever. */
  private abortInfile(): void {
    this.infile?.abort(new SqlError(1158, '08S01', 'Got an error reading communication packets'));
  }

  /** Ends after the running command; at once when there is none. */
  drain(): void {
    this.endWhenIdle = true;
    if (!this.busy) this.close();
  }

  /** KILL, or a timeout: a client that waits for nothing may be told why, as if it had asked. */
  private dismiss(reason: SqlError | undefined): void {
    if (reason !== undefined && !this.busy && this.phase === 'command') {
      this.out.sequence = 0;
      writeError(this.out, toClientError(reason), this.capabilities);
    }
    this.close();
  }

  get isBusy(): boolean {
    return this.busy;
  }

  /** Sends what is written and ends. */
  close(): void {
    if (this.closing) return;
    this.closing = true;
    this.phase = 'closed';
    this.flush();
    this.wire.end();
    this.abortInfile();
    const session = this.session;
    this.session = undefined;
    session?.disconnected();
  }

  private onMessage(buffer: Buffer, start: number, end: number, sequence: number): void {
    this.out.sequence = (sequence + 1) & 0xff;
    switch (this.phase) {
      case 'command':
        this.reader.expect(0);
        this.onCommand(buffer, start, end);
        return;
      case 'infile':
        this.onInfileChunk(buffer, start, end);
        return;
      case 'hello':
        this.onHello(readHandshakeResponse(this.cursor.reset(buffer, start, end)), sequence);
        return;
      case 'authentication':
        this.runStep(this.authentication!.step(Buffer.from(buffer.subarray(start, end))));
        return;
      case 'tls':
      case 'closed':
        return;
    }
  }

  // ---- who is there ----

  private onHello(hello: ClientHello | 'tls', sequence: number): void {
    if (hello === 'tls') {
      if (this.wire.secure === undefined || this.tls !== undefined) throw new SqlError(1043, '08S01', 'Bad handshake');
      this.phase = 'tls';
      this.reader.pause();
      this.reader.expect(sequence + 1);
      return;
    }
    this.hello = hello;
    this.capabilities = hello.capabilities;
    if (hello.charsetId !== 0 && !charsetOfId(hello.charsetId)) {
      throw new SqlError(1115, '42000', `Unknown character set: '#${hello.charsetId}'`);
    }
    this.authenticate(hello);
  }

  /** What came behind the request is the client's handshake already. */
  private beginTls(): void {
    const secured = this.wire.secure!(this.reader.takeRest());
    this.phase = 'hello';
    this.background(
      secured.then((facts) => {
        this.tls = facts;
      }),
    );
  }

  private get isSecret(): boolean {
    return this.tls !== undefined || this.wire.isLocal === true;
  }

  private authenticate(hello: ClientHello, isKnown = true): void {
    this.phase = 'authentication';
    const found = this.host.findAccount(hello.user, this.wire.remoteAddress);
    const begin = (account: Account | undefined) => {
      this.account = account;
      this.authentication = new Authentication({ nonce: this.nonce, account, store: this.host, secret: this.isSecret });
      return this.authentication.begin(hello, isKnown);
    };
    this.runStep(isPromise(found) ? found.then(begin) : begin(found));
  }

  private runStep(step: MaybePromise<AuthenticationStep>): void {
    this.background(isPromise(step) ? step.then((known) => this.onStep(known)) : this.onStep(step));
  }

  private onStep(step: AuthenticationStep): MaybePromise<void> {
    switch (step.kind) {
      case 'switch':
        this.nonce = this.host.nonce();
        this.authentication = new Authentication({
          nonce: this.nonce, account: this.account, store: this.host, secret: this.isSecret,
        }); // prettier-ignore
        writeAuthSwitch(this.out, step.plugin, this.nonce);
        this.reader.expect(this.out.sequence);
        return;
      case 'more':
        writeAuthMoreData(this.out, step.data);
        this.reader.expect(this.out.sequence);
        return step.then === 'ok' ? this.welcome() : undefined;
      case 'ok':
        return this.welcome();
      case 'denied': {
        const { user, authResponse } = this.hello!;
        const using = authResponse.length > 0 || this.authenticationAsked ? 'YES' : 'NO';
        this.host.noteRefused('access denied');
        if (this.account !== undefined) this.host.loginFailed(this.account);
        throw accessDenied(user, this.wire.remoteAddress, using);
      }
    }
  }

  private get authenticationAsked(): boolean {
    return this.out.sequence > 2;
  }

  /** The password was right; the account may be closed all the same. */
  private admit(account: Account): void {
    this.host.loginProved(account);
    const where = this.wire.remoteAddress;
    if (account.locked) {
      this.host.noteRefused('account locked');
      throw new SqlError(3118, 'HY000', `Access denied for user '${account.user}'@'${where}'. Account is locked.`);
    }
    if (!this.isSecret && this.host.requiresSecureTransport()) {
      this.host.noteRefused('secure transport required');
      throw new SqlError(3159, 'HY000', 'Connections using insecure transport are prohibited while --require_secure_transport=ON.'); // prettier-ignore
    }
    if (!meets(account.tls, this.tls)) {
      this.host.noteRefused('TLS required');
      throw accessDenied(account.user, where, this.hello!.authResponse.length > 0 ? 'YES' : 'NO');
    }
  }

  private welcome(): MaybePromise<void> {
    this.admit(this.account!);
    const before = this.session;
    const opening = {
      connectionId: this.id, account: this.account!, hello: this.hello!, remoteAddress: this.wire.remoteAddress, tls: this.tls, disconnect: (reason?: SqlError) => this.dismiss(reason),
    }; // prettier-ignore
    const opened = before ? this.host.changeUser(before, opening) : this.host.openSession(opening);
    const done = (session: Session) => {
      this.session = session;
      this.phase = 'command';
      this.reader.messageMax = session.maxAllowedPacket;
      this.reader.expect(0);
      this.writeSimpleOk();
      this.beginCompression(session);
    };
    return isPromise(opened) ? opened.then(done) : done(opened);
  }

  // ---- commands ----

  // hot
  private onCommand(buffer: Buffer, start: number, end: number): void {
    if (end === start) throw malformedPacket('an empty command');
    const session = this.session!;
    const code = buffer[start]!;
    let work: MaybePromise<void>;
    try {
      session.commandArrived(code);
      work = this.runCommand(session, code, buffer, start + 1, end);
    } catch (error) {
      work = this.statementFailed(error);
    }
    if (isPromise(work)) this.background(work.catch((error: unknown) => this.statementFailed(error)));
    else if (this.endWhenIdle) this.close();
  }

  private runCommand(session: Session, code: number, buffer: Buffer, start: number, end: number): MaybePromise<void> {
    switch (code) {
      case Command.QUERY:
        return this.query(session, this.textOf(session, buffer, start, end));
      case Command.STMT_EXECUTE:
        return this.executePrepared(session, this.cursor.reset(buffer, start, end));
      case Command.STMT_PREPARE:
        return this.prepare(session, sqlTextOf(buffer, start, end, session));
      case Command.STMT_CLOSE:
        session.prepared.close(this.cursor.reset(buffer, start, end).u32());
        return;
      case Command.STMT_RESET: {
        const statement = session.prepared.get(this.cursor.reset(buffer, start, end).u32(), 'mysqld_stmt_reset');
        session.prepared.forgetLongData(statement);
        closeCursor(statement);
        return this.writeSimpleOk();
      }
      case Command.STMT_SEND_LONG_DATA:
        return this.sendLongData(session, this.cursor.reset(buffer, start, end));
      case Command.STMT_FETCH:
        return this.results.fetch(session, this.cursor.reset(buffer, start, end));
      case Command.PING:
        return this.writeSimpleOk();
      case Command.INIT_DB:
        return this.thenOk(session.useDatabase(buffer.utf8Slice(start, end)));
      case Command.FIELD_LIST:
        return this.results.fieldList(session, this.cursor.reset(buffer, start, end));
      case Command.QUIT:
        this.close();
        return;
      case Command.RESET_CONNECTION:
        return this.thenOk(session.resetConnection());
      case Command.SET_OPTION:
        return this.setOption(this.cursor.reset(buffer, start, end).u16());
      case Command.STATISTICS:
        this.out.begin();
        this.out.text(session.statisticsLine());
        this.out.finish();
        return;
      case Command.PROCESS_KILL:
        return this.thenOk(session.kill(this.cursor.reset(buffer, start, end).u32(), 'connection'));
      case Command.CHANGE_USER:
        return this.changeUser(this.cursor.reset(buffer, start, end));
      case Command.PROCESS_INFO:
        return this.query(session, 'SHOW PROCESSLIST');
      case Command.CREATE_DB:
        return this.query(session, `CREATE DATABASE \`${buffer.utf8Slice(start, end).replaceAll('`', '``')}\``);
      case Command.DROP_DB:
        return this.query(session, `DROP DATABASE \`${buffer.utf8Slice(start, end).replaceAll('`', '``')}\``);
      case Command.SHUTDOWN:
        return this.query(session, 'SHUTDOWN');
      case Command.REFRESH:
      case Command.DEBUG:
      case Command.BINLOG_DUMP:
        throw new SqlError(
          1235,
          '42000',
          `This version of Rutile doesn't yet support 'the command 0x${code.toString(16).padStart(2, '0')}'`,
        );
      default:
        throw new SqlError(1047, '08S01', 'Unknown command');
    }
  }

  private thenOk(work: MaybePromise<void>): MaybePromise<void> {
    return isPromise(work) ? work.then(() => this.writeSimpleOk()) : this.writeSimpleOk();
  }

  private writeSimpleOk(): void {
    const session = this.session!;
    writeOk(this.out, { affectedRows: 0, lastInsertId: 0, status: session.statusFlags(), warnings: 0, info: '', changes: session.tracker.take() }); // prettier-ignore
  }

  /** Behind its attributes, if the client sends such. */
  // hot
  private textOf(session: Session, buffer: Buffer, start: number, end: number): string {
    if (!(this.capabilities & Capability.QUERY_ATTRIBUTES)) return sqlTextOf(buffer, start, end, session);
    const { cursor } = this;
    const attributes = readQueryAttributes(cursor.reset(buffer, start, end), session.clientCharset);
    if (attributes !== undefined) session.state.queryAttributes = attributes;
    return sqlTextOf(buffer, cursor.offset, end, session);
  }

  // hot
  private query(session: Session, sql: string): MaybePromise<void> {
    const multi = (this.capabilities & Capability.MULTI_STATEMENTS) !== 0;
    const result = session.run(sql, multi);
    if (isPromise(result)) return result.then((known) => this.answerAll(session, known));
    return this.answerAll(session, result);
  }

  /** Answers one statement's result, and those of the statements after it in the same text. */
  private answerAll(session: Session, result: StatementResult): MaybePromise<void> {
    const written = this.answer(session, result, 'text');
    if (!isPromise(written) && !session.hasMore) return;
    return this.answerRest(session, written);
  }

  private async answerRest(session: Session, written: MaybePromise<void>): Promise<void> {
    // What is there already leaves before anything is waited for.
    const reach = <T>(work: MaybePromise<T>): MaybePromise<T> => {
      if (isPromise(work)) this.flush();
      return work;
    };
    await reach(written);
    while (session.hasMore && !this.isClosed) await reach(this.answer(session, await reach(session.runNext()), 'text'));
  }

  private answer(session: Session, result: StatementResult, format: 'text' | 'binary'): MaybePromise<void> {
    switch (result.kind) {
      case 'ok':
        return this.results.ok(session, result);
      case 'rows':
        return this.results.rows(session, result, format);
      case 'local-infile':
        return this.receiveInfile(session, result);
    }
  }

  // ---- prepared statements ----

  private prepare(session: Session, sql: string): MaybePromise<void> {
    const prepared = session.prepare(sql);
    return isPromise(prepared)
      ? prepared.then((known) => this.results.prepared(session, known))
      : this.results.prepared(session, prepared);
  }

  // hot
  private executePrepared(session: Session, reader: ByteReader): MaybePromise<void> {
    const statement = session.prepared.get(reader.u32(), 'mysqld_stmt_execute');
    const flags = reader.u8();
    reader.skip(4);
    if ((flags & 7) > 1)
      throw new SqlError(1235, '42000', "This version of Rutile doesn't yet support 'scrollable or updatable cursors'");
    closeCursor(statement);
    const { memory, longDataFailure } = statement;
    let bound: BoundParameters;
    try {
      if (longDataFailure !== undefined) throw longDataFailure;
      bound = this.readBound(session, reader, statement, flags);
    } finally {
      if (memory.longData !== undefined || longDataFailure !== undefined) session.prepared.forgetLongData(statement);
    }
    const result = session.executePrepared(statement, bound.types, bound.values);
    const cursor = (flags & 1) !== 0;
    if (isPromise(result)) return result.then((known) => this.answerPrepared(session, statement, known, cursor));
    return this.answerPrepared(session, statement, result, cursor);
  }

  private readBound(
    session: Session,
    reader: ByteReader,
    statement: PreparedStatement,
    flags: number,
  ): BoundParameters {
    const { parameterCount, memory } = statement;
    if (!(this.capabilities & Capability.QUERY_ATTRIBUTES))
      return readParameters(reader, parameterCount, memory, session.clientCharset);
    const { bound, attributes } = readExecution(reader, statement, flags, session.clientCharset);
    if (attributes !== undefined) session.state.queryAttributes = attributes;
    return bound;
  }

  private answerPrepared(
    session: Session,
    statement: PreparedStatement,
    result: StatementResult,
    cursor: boolean,
  ): MaybePromise<void> {
    if (cursor && result.kind === 'rows') return this.results.openCursor(session, statement, result);
    return this.answer(session, result, 'binary');
  }

  /** No answer is sent, not even for a mistake: that shows when the statement is executed. */
  private sendLongData(session: Session, reader: ByteReader): void {
    const id = reader.u32();
    const index = reader.u16();
    session.prepared.appendLongData(id, index, reader.bytes(reader.remaining));
  }

  // ---- the rest ----

  private setOption(option: number): void {
    if (option === 0) this.capabilities |= Capability.MULTI_STATEMENTS;
    else if (option === 1) this.capabilities &= ~Capability.MULTI_STATEMENTS;
    else throw new SqlError(1047, '08S01', 'Unknown command');
    const session = this.session!;
    writeEndOfRows(this.out, this.capabilities, { status: session.statusFlags(), warnings: 0, session });
  }

  private changeUser(reader: ByteReader): void {
    const hello = readChangeUser(reader, { capabilities: this.capabilities, charsetId: this.hello!.charsetId });
    this.hello = hello;
    // Made with the nonce of the greeting by some clients, with that of a switch after it by others: a new one serves all.
    this.authenticate(hello, (this.capabilities & Capability.PLUGIN_AUTH) === 0);
  }

  // ---- LOAD DATA LOCAL INFILE ----

  private async receiveInfile(
    session: Session,
    result: Extract<StatementResult, { kind: 'local-infile' }>,
  ): Promise<void> {
    if (!(this.capabilities & Capability.LOCAL_FILES)) {
      throw new SqlError(
        3948,
        '42000',
        'Loading local data is disabled; this must be enabled on both the client and server sides',
      );
    }
    const infile = new LocalInfile({
      pause: () => {
        this.held = true;
        this.wire.pause();
      },
      resume: () => {
        this.held = false;
        this.wire.resume();
        this.readOn();
      },
    });
    this.infile = infile;
    this.out.begin();
    this.out.u8(0xfb);
    this.out.text(result.fileName);
    this.out.finish();
    this.phase = 'infile';
    this.reader.expect(this.out.sequence);
    this.flush();
    this.reader.resume();
    const watch = infile.watch(session.instance.timers, session.timeoutMs('read'), () => this.close());
    let outcome: StatementResult | undefined;
    let failure: unknown;
    try {
      outcome = await result.load(infile);
    } catch (error) {
      failure = error ?? new Error('loading failed');
    }
    // Even after a failure the client sends its file to the end and only then reads the answer.
    await infile.drainToEnd();
    watch.cancel();
    this.infile = undefined;
    this.held = false;
    if ((this.phase as Phase) === 'closed') return;
    this.phase = 'command';
    this.reader.expect(0);
    this.out.sequence = infile.answerSequence;
    if (failure !== undefined) throw failure;
    await this.answer(session, outcome!, 'text');
  }

  private onInfileChunk(buffer: Buffer, start: number, end: number): void {
    const infile = this.infile!;
    if (end === start) {
      this.reader.pause();
      infile.finish(this.out.sequence);
    } else infile.push(Buffer.from(buffer.subarray(start, end)));
  }

  // ---- turns and failures ----

  /** Work that did not finish in this turn: nothing more is read until it has. */
  private background(work: MaybePromise<void>): void {
    if (!isPromise(work)) return;
    this.busy = true;
    // A file of the client is read while its statement runs.
    if (this.phase !== 'infile') this.reader.pause();
    work.then(
      () => this.settled(),
      (error: unknown) => {
        this.busy = false;
        this.fail(error);
      },
    );
  }

  private settled(): void {
    this.busy = false;
    if (this.phase === 'closed') return;
    this.flush();
    if (this.endWhenIdle) return this.close();
    try {
      this.reader.resume();
      if (this.compression) this.readFrames(this.compression);
    } catch (error) {
      this.fail(error);
      return;
    }
    this.wire.resume();
    if (!this.busy) this.flush();
  }

  /** Frames that waited for room. */
  private readOn(): void {
    if (this.compression === undefined || this.phase === 'closed') return;
    try {
      this.readFrames(this.compression);
    } catch (error) {
      this.fail(error);
    }
  }

  /** A statement's error: reported, and the connection lives on, unless the bytes themselves were wrong. */
  private statementFailed(error: unknown): void {
    if (this.phase === 'closed') return;
    if (this.phase === 'authentication' || isFatal(error)) {
      this.fail(error);
      return;
    }
    if (isInternal(error)) this.host.noteInternalError(error, this.session?.currentSql ?? '');
    const known = toClientError(error);
    // Half a packet would hide the error that follows it.
    this.out.abandon();
    this.session?.statementFailed(known);
    writeError(this.out, known, this.capabilities);
  }

  private fail(error: unknown): void {
    if (this.phase === 'closed') return;
    if (isInternal(error)) this.host.noteInternalError(error, 'connection');
    this.out.abandon();
    writeError(this.out, toClientError(error), this.capabilities | Capability.PROTOCOL_41);
    this.close();
  }

  get isClosed(): boolean {
    return this.phase === 'closed';
  }

  /** A client that reads nothing for `net_write_timeout` is given up: its statement would hold what it holds for ever. */
  drained(): Promise<void> {
    const drained = this.wire.drained();
    const { session } = this;
    if (session === undefined) return drained;
    const timer = session.instance.timers.after(session.timeoutMs('write'), () => this.close());
    return drained.finally(() => timer.cancel());
  }

  /** `false`: the wire is full. */
  flush(): boolean {
    if (this.out.length === 0) return true;
    if (this.compression !== undefined) {
      const room = this.wire.write(this.compression.pack(this.out.written()));
      this.out.sent(true);
      return room;
    }
    const room = this.wire.write(this.out.written());
    this.out.sent(this.wire.flushed === true);
    return room;
  }
}
