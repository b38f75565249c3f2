/**
 * The part of the SQL tests that every run of all tests also runs on three stores with regions of 1 KiB: the SQL files, whose tables are small and many.
 * `npm test -- --cluster three` runs the others there too.
 */
import { SQL_TESTS_ON } from './sql-server.ts';

process.env[SQL_TESTS_ON] = 'three';
await import('./slt.test.ts');
