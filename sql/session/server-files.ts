/**
 * Files of the server that statements name, in MySQL's words: where `secure_file_priv` lets them be, and what each failure of the port is called. Whether the
 * account may touch files at all (FILE) is asked before by statement-rights.ts.
 */
import { RutileError, SqlError } from '../../base/error.ts';
import type { FileFolder, NewFile } from '../../base/file-folder.ts';
import type { Session } from './session.ts';

/** 1290 when `secure_file_priv` is NULL. */
export function serverFiles(session: Session): FileFolder {
  const { files } = session.instance;
  if (files === undefined) throw notAllowed();
  return files;
}

export async function createFile(session: Session, path: string): Promise<NewFile> {
  try {
    return await serverFiles(session).create(path);
  } catch (error) {
    throw fileFailure(error, path);
  }
}

export async function* readFile(files: FileFolder, path: string): AsyncIterable<Uint8Array> {
  const pieces = files.read(path)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await pieces.next().catch((error: unknown) => {
        throw fileFailure(error, path);
      });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await pieces.return?.();
  }
}

/** What is no failure of a file is itself. */
export function fileFailure(error: unknown, path: string): unknown {
  if (!(error instanceof RutileError)) return error;
  const { osErrno, osText } = error.fields;
  const system = `(OS errno ${String(osErrno)} - ${String(osText)})`;
  const options = { cause: error };
  switch (error.code) {
    case 'file.outside':
      return notAllowed();
    case 'file.exists':
      return new SqlError(1086, 'HY000', `File '${path}' already exists`, options);
    case 'file.not-regular':
      return new SqlError(1085, 'HY000', `The file '${path}' must be in the database directory or be readable by all`, options); // prettier-ignore
    case 'file.create':
      return new SqlError(1, 'HY000', `Can't create/write to file '${path}' ${system}`, options);
    case 'file.read':
      return new SqlError(2, 'HY000', `Error reading file '${path}' ${system}`, options);
    case 'file.write':
      return new SqlError(3, 'HY000', `Error writing file '${path}' ${system}`, options);
    case 'file.stat':
      return new SqlError(13, 'HY000', `Can't get stat of '${path}' ${system}`, options);
    case 'file.open':
      return new SqlError(29, 'HY000', `File '${path}' not found ${system}`, options);
    default:
      return error;
  }
}

function notAllowed(): SqlError {
  return new SqlError(1290, 'HY000', 'The MySQL server is running with the --secure-file-priv option so it cannot execute this statement'); // prettier-ignore
}
