/** The script of the thread that holds the sockets of MySQL clients. */
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../base/assert.ts';
import type { SocketThreadData } from '../sql/server/sockets/messages.ts';
import { SocketThread } from '../sql/server/sockets/socket-thread.ts';

assert(parentPort !== null, 'this script runs in a worker thread');
new SocketThread(parentPort, workerData as SocketThreadData);
