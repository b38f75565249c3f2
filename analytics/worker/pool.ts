/**
 * The column workers of a process: started when the first query needs one, one query each at a time, the others wait in a bounded
 * queue. A worker that dies takes its query with it (an error for that statement) and is replaced.
 */
import { Worker } from 'node:worker_threads';
import { RutileError } from '../../base/error.ts';
import type { RunReply, RunRequest } from './messages.ts';

const QUEUE_MAX = 256;

interface Job {
  readonly request: RunRequest;
  readonly resolve: (reply: RunReply) => void;
  readonly reject: (error: Error) => void;
}

export class WorkerPool {
  private readonly url: URL;
  private readonly size: number;
  private readonly idle: Worker[] = [];
  private readonly busy = new Map<Worker, Job>();
  private readonly queue: Job[] = [];
  private closed = false;

  constructor(url: URL, size: number) {
    this.url = url;
    this.size = size;
  }

  run(request: RunRequest): Promise<RunReply> {
    if (this.closed) return Promise.reject(new RutileError('analytics.closed', 'the column engine is shutting down'));
    if (this.queue.length >= QUEUE_MAX)
      return Promise.reject(
        new RutileError('analytics.busy', `more than ${QUEUE_MAX} analytic queries wait`, { retry: 'same' }),
      );
    return new Promise((resolve, reject) => {
      this.queue.push({ request, resolve, reject });
      this.pump();
    });
  }

  /**
   * Ends the worker that still runs this request: for work that does not look at the stop flag (a large sort). The next query gets a new one.
   */
  abandon(id: number): void {
    for (const [worker, job] of this.busy) {
      if (job.request.id !== id) continue;
      this.busy.delete(worker);
      job.resolve({ id, kind: 'stopped', message: 'stopped' });
      void worker.terminate();
      this.pump();
      return;
    }
    const waiting = this.queue.findIndex((job) => job.request.id === id);
    if (waiting >= 0) this.queue.splice(waiting, 1)[0]!.resolve({ id, kind: 'stopped', message: 'stopped' });
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const job of this.queue.splice(0))
      job.reject(new RutileError('analytics.closed', 'the column engine is shutting down'));
    await Promise.all([...this.idle, ...this.busy.keys()].map((worker) => worker.terminate()));
  }

  private pump(): void {
    while (this.queue.length > 0) {
      const worker = this.idle.pop() ?? (this.busy.size < this.size ? this.start() : undefined);
      if (!worker) return;
      const job = this.queue.shift()!;
      this.busy.set(worker, job);
      worker.ref();
      worker.postMessage(job.request);
    }
  }

  private start(): Worker {
    const worker = new Worker(this.url);
    worker.unref();
    worker.on('message', (reply: RunReply) => {
      const job = this.busy.get(worker);
      // An abandoned worker may answer while it is being ended.
      if (!job) return;
      this.busy.delete(worker);
      this.idle.push(worker);
      worker.unref();
      job.resolve(reply);
      this.pump();
    });
    const gone = (error: Error): void => {
      const job = this.busy.get(worker);
      if (!job && !this.idle.includes(worker)) return;
      this.busy.delete(worker);
      const place = this.idle.indexOf(worker);
      if (place >= 0) this.idle.splice(place, 1);
      job?.reject(new RutileError('analytics.worker', `a column worker stopped: ${error.message}`, { cause: error }));
      if (!this.closed) this.pump();
    };
    worker.on('error', gone);
    worker.on('exit', (code) => {
      if (!this.closed) gone(new Error(`exit code ${code}`));
    });
    return worker;
  }
}
