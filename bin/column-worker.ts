/** The script of a column worker thread: the column engine's inside, wired to the row engine's functions. */
import { parentPort } from 'node:worker_threads';
import { assert } from '../base/assert.ts';
import { serve } from '../analytics/index.ts';
import { COLUMN_TOOLS } from './column-tools.ts';

assert(parentPort !== null, 'this script runs in a worker thread');
serve(parentPort, COLUMN_TOOLS);
