/**
 * Imported before the generated codecs: 64-bit fields become plain numbers. `Long` objects would only come in because some other
 * package brings that library along, and the codecs look for it once, when they are loaded.
 */
import protobuf from 'protobufjs/minimal.js';

protobuf.util.Long = undefined as never;
protobuf.configure();
