/** MySQL's errors about definitions, with MySQL's texts: clients and migration tools parse both number and words. */
import { SqlError } from '../../base/error.ts';

const make = (errno: number, sqlState: string, message: string): SqlError => new SqlError(errno, sqlState, message);

export const databaseExists = (name: string): SqlError =>
  make(1007, 'HY000', `Can't create database '${name}'; database exists`);
export const databaseMissing = (name: string): SqlError =>
  make(1008, 'HY000', `Can't drop database '${name}'; database doesn't exist`);
export const accessDeniedToDatabase = (user: string, name: string): SqlError =>
  make(1044, '42000', `Access denied for user ${quoteAccount(user)} to database '${name}'`);
export const noDatabase = (): SqlError => make(1046, '3D000', 'No database selected');
export const unknownDatabase = (name: string): SqlError => make(1049, '42000', `Unknown database '${name}'`);
export const tableExists = (name: string): SqlError => make(1050, '42S01', `Table '${name}' already exists`);
export const unknownTables = (names: readonly string[]): SqlError =>
  make(1051, '42S02', `Unknown table '${names.join(',')}'`);
export const unknownColumn = (column: string, place: string): SqlError =>
  make(1054, '42S22', `Unknown column '${column}' in '${place}'`);
export const nameTooLong = (name: string): SqlError => make(1059, '42000', `Identifier name '${name}' is too long`);
export const duplicateColumn = (name: string): SqlError => make(1060, '42S21', `Duplicate column name '${name}'`);
export const duplicateKeyName = (name: string): SqlError => make(1061, '42000', `Duplicate key name '${name}'`);
export const duplicateEntry = (entry: string, key: string): SqlError =>
  make(1062, '23000', `Duplicate entry '${entry}' for key '${key}'`);
export const wrongColumnSpecifier = (name: string): SqlError =>
  make(1063, '42000', `Incorrect column specifier for column '${name}'`);
export const invalidDefault = (name: string): SqlError => make(1067, '42000', `Invalid default value for '${name}'`);
export const multiplePrimaryKeys = (): SqlError => make(1068, '42000', 'Multiple primary key defined');
export const tooManyKeys = (max: number): SqlError =>
  make(1069, '42000', `Too many keys specified; max ${max} keys allowed`);
export const tooManyKeyParts = (max: number): SqlError =>
  make(1070, '42000', `Too many key parts specified; max ${max} parts allowed`);
export const keyTooLong = (max: number): SqlError =>
  make(1071, '42000', `Specified key was too long; max key length is ${max} bytes`);
export const keyColumnMissing = (name: string): SqlError =>
  make(1072, '42000', `Key column '${name}' doesn't exist in table`);
export const columnTooLong = (name: string, max: number): SqlError =>
  make(1074, '42000', `Column length too big for column '${name}' (max = ${max}); use BLOB or TEXT instead`);
export const wrongAutoKey = (): SqlError =>
  make(1075, '42000', 'Incorrect table definition; there can be only one auto column and it must be defined as a key');
export const wrongPrefix = (): SqlError =>
  make(
    1089,
    'HY000',
    "Incorrect prefix key; the used key part isn't a string, the used length is longer than the key part, or the storage engine doesn't support unique prefix keys",
  );
export const cannotDropAllColumns = (): SqlError =>
  make(1090, '42000', "You can't delete all columns with ALTER TABLE; use DROP TABLE instead");
export const cannotDrop = (name: string): SqlError =>
  make(1091, '42000', `Can't DROP '${name}'; check that column/key exists`);
export const blobDefault = (name: string): SqlError =>
  make(1101, '42000', `BLOB, TEXT, GEOMETRY or JSON column '${name}' can't have a default value`);
export const wrongDatabaseName = (name: string): SqlError => make(1102, '42000', `Incorrect database name '${name}'`);
export const wrongTableName = (name: string): SqlError => make(1103, '42000', `Incorrect table name '${name}'`);
export const noColumns = (): SqlError => make(1113, '42000', 'A table must have at least 1 column');
export const tableFull = (name: string): SqlError => make(1114, 'HY000', `The table '${name}' is full`);
export const unknownCharset = (name: string): SqlError => make(1115, '42000', `Unknown character set: '${name}'`);
export const tooManyColumns = (): SqlError => make(1117, 'HY000', 'Too many columns');
export const rowTooLarge = (): SqlError =>
  make(
    1118,
    '42000',
    'Row size too large. The maximum row size for the used table type, not counting BLOBs, is 65535. This includes storage overhead, check the manual. You have to change some columns to TEXT or BLOBs',
  );
export const invalidNull = (): SqlError => make(1138, '22004', 'Invalid use of NULL value');
export const tableMissing = (database: string, name: string): SqlError =>
  make(1146, '42S02', `Table '${database}.${name}' doesn't exist`);
export const wrongColumnName = (name: string): SqlError => make(1166, '42000', `Incorrect column name '${name}'`);
export const blobKeyWithoutLength = (name: string): SqlError =>
  make(1170, '42000', `BLOB/TEXT column '${name}' used in key specification without a key length`);
export const primaryKeyNull = (): SqlError =>
  make(1171, '42000', 'All parts of a PRIMARY KEY must be NOT NULL; if you need NULL in a key, use UNIQUE instead');
export const keyMissing = (key: string, table: string): SqlError =>
  make(1176, '42000', `Key '${key}' doesn't exist in table '${table}'`);
export const lockWaitTimeout = (): SqlError =>
  make(1205, 'HY000', 'Lock wait timeout exceeded; try restarting transaction');
export const unsupported = (what: string): SqlError =>
  make(1235, '42000', `This version of Rutile doesn't yet support '${what}'`);
export const collationMismatch = (collation: string, charset: string): SqlError =>
  make(1253, '42000', `COLLATION '${collation}' is not valid for CHARACTER SET '${charset}'`);
export const unknownCollation = (name: string): SqlError => make(1273, 'HY000', `Unknown collation: '${name}'`);
export const wrongIndexName = (name: string): SqlError => make(1280, '42000', `Incorrect index name '${name}'`);
export const unknownEngine = (name: string): SqlError => make(1286, '42000', `Unknown storage engine '${name}'`);
export const duplicatedElement = (column: string, value: string, type: string): SqlError =>
  make(1291, 'HY000', `Column '${column}' has duplicated value '${value}' in ${type}`);
export const invalidOnUpdate = (name: string): SqlError =>
  make(1294, 'HY000', `Invalid ON UPDATE clause for '${name}' column`);
export const wrongObject = (database: string, name: string, kind: 'VIEW' | 'BASE TABLE'): SqlError =>
  make(1347, 'HY000', `'${database}.${name}' is not ${kind}`);
export const viewColumnCount = (): SqlError =>
  make(
    1353,
    'HY000',
    'In definition of view, derived table or common table expression, SELECT list and column names list have different column counts',
  );
export const cannotCreateUser = (verb: string, users: string): SqlError =>
  make(1396, 'HY000', `Operation ${verb} failed for ${users}`);
export const grantWithoutUser = (): SqlError => make(1410, '42000', 'You are not allowed to create a user with GRANT');
export const tooBigScale = (scale: number, name: string, max: number): SqlError =>
  make(1425, '42000', `Too big scale ${scale} specified for column '${name}'. Maximum is ${max}.`);
export const tooBigPrecision = (precision: number, name: string, max: number): SqlError =>
  make(1426, '42000', `Too-big precision ${precision} specified for '${name}'. Maximum is ${max}.`);
export const scaleAbovePrecision = (name: string): SqlError =>
  make(1427, '42000', `For float(M,D), double(M,D) or decimal(M,D), M must be >= D (column '${name}').`);
export const tooBigWidth = (name: string, max: number): SqlError =>
  make(1439, '42000', `Display width out of range for column '${name}' (max = ${max})`);
export const autoIncrementExhausted = (): SqlError =>
  make(1467, 'HY000', 'Failed to read auto-increment value from storage engine');
export const invisibleAll = (): SqlError => make(4028, 'HY000', 'A table must have at least one visible column.');
export const jsonKey = (name: string): SqlError =>
  make(3152, '42000', `JSON column '${name}' supports indexing only via generated columns on a specified JSON path.`);
export const primaryInvisible = (): SqlError => make(3522, 'HY000', 'A primary key index cannot be invisible');
export const schemaChanged = (): SqlError =>
  new SqlError(
    8028,
    'HY000',
    'Information schema is changed during the execution of the statement (for example, table definition may be updated by other DDL ran in parallel)',
    { retry: 'refresh' },
  );

export function quoteAccount(account: string): string {
  const at = account.lastIndexOf('@');
  return at < 0 ? `'${account}'@'%'` : `'${account.slice(0, at)}'@'${account.slice(at + 1)}'`;
}

export function invalidView(database: string, name: string): SqlError {
  return new SqlError(
    1356,
    'HY000',
    `View '${database}.${name}' references invalid table(s) or column(s) or function(s) or definer/invoker of view lack rights to use them`,
  );
}

export const unknownAlgorithm = (name: string): SqlError => new SqlError(1800, 'HY000', `Unknown ALGORITHM '${name}'`);
export const unknownLock = (name: string): SqlError => new SqlError(1801, 'HY000', `Unknown LOCK type '${name}'`);
export const interrupted = (): SqlError => make(1317, '70100', 'Query execution was interrupted');
export const checkNamesOther = (name: string): SqlError =>
  make(3813, 'HY000', `Column check constraint '${name}' references other column.`);
export const checkMissing = (name: string): SqlError =>
  make(3821, 'HY000', `Check constraint '${name}' is not found in the table.`);
export const duplicateCheck = (name: string): SqlError =>
  make(3822, 'HY000', `Duplicate check constraint name '${name}'.`);
export const checkUses = (name: string, column: string): SqlError =>
  make(3959, 'HY000', `Check constraint '${name}' uses column '${column}', hence column cannot be dropped or renamed.`);
export const foreignKeyMismatch = (name: string): SqlError =>
  make(1239, '42000', `Incorrect foreign key definition for '${name}': Key reference and table reference don't match`);
export const foreignKeyWithSelect = (): SqlError =>
  make(
    3978,
    'HY000',
    'Foreign key creation is not allowed with CREATE TABLE as SELECT and CREATE TABLE with START TRANSACTION statement.',
  );
export const cannotAddForeignKey = (): SqlError => make(1215, 'HY000', 'Cannot add foreign key constraint');
export const indexOfForeignKey = (name: string): SqlError =>
  make(1553, 'HY000', `Cannot drop index '${name}': needed in a foreign key constraint`);
export const truncateReferenced = (database: string, table: string, clause: string): SqlError =>
  make(1701, '42000', `Cannot truncate a table referenced in a foreign key constraint (\`${database}\`.\`${table}\`, ${clause})`); // prettier-ignore
export const referencedTableMissing = (name: string): SqlError =>
  make(1824, 'HY000', `Failed to open the referenced table '${name}'`);
export const referencedIndexMissing = (name: string, table: string): SqlError =>
  make(1822, 'HY000', `Failed to add the foreign key constraint. Missing index for constraint '${name}' in the referenced table '${table}'`); // prettier-ignore
export const duplicateForeignKey = (name: string): SqlError =>
  make(1826, 'HY000', `Duplicate foreign key constraint name '${name}'`);
export const columnOfForeignKey = (column: string, name: string): SqlError =>
  make(1828, 'HY000', `Cannot drop column '${column}': needed in a foreign key constraint '${name}'`);
export const columnReferenced = (column: string, name: string, table: string): SqlError =>
  make(1829, 'HY000', `Cannot drop column '${column}': needed in a foreign key constraint '${name}' of table '${table}'`); // prettier-ignore
export const foreignKeyNotNull = (column: string, name: string): SqlError =>
  make(1830, 'HY000', `Column '${column}' cannot be NOT NULL: needed in a foreign key constraint '${name}' SET NULL`);
export const columnTypeOfForeignKey = (column: string, name: string): SqlError =>
  make(1832, 'HY000', `Cannot change column '${column}': used in a foreign key constraint '${name}'`);
export const columnTypeReferenced = (column: string, name: string, table: string): SqlError =>
  make(1833, 'HY000', `Cannot change column '${column}': used in a foreign key constraint '${name}' of table '${table}'`); // prettier-ignore
export const tableReferenced = (table: string, name: string, child: string): SqlError =>
  make(3730, 'HY000', `Cannot drop table '${table}' referenced by a foreign key constraint '${name}' on table '${child}'.`); // prettier-ignore
export const referencedColumnMissing = (column: string, name: string, table: string): SqlError =>
  make(3734, 'HY000', `Failed to add the foreign key constraint. Missing column '${column}' for constraint '${name}' in the referenced table '${table}'`); // prettier-ignore
export const incompatibleColumns = (own: string, far: string, name: string): SqlError =>
  make(3780, 'HY000', `Referencing column '${own}' and referenced column '${far}' in foreign key constraint '${name}' are incompatible.`); // prettier-ignore
export const orphanRow = (database: string, table: string, clause: string): SqlError =>
  make(1452, '23000', `Cannot add or update a child row: a foreign key constraint fails (\`${database}\`.\`${table}\`, ${clause})`); // prettier-ignore

export const virtualPrimaryKey = (): SqlError =>
  make(3106, 'HY000', "'Defining a virtual generated column as primary key' is not supported for generated columns.");
export const changedStored = (): SqlError =>
  make(3106, 'HY000', "'Changing the STORED status' is not supported for generated columns.");
export const wrongUsage = (one: string, other: string): SqlError =>
  make(1221, 'HY000', `Incorrect usage of ${one} and ${other}`);
export const foreignKeyOfGenerated = (clause: string): SqlError =>
  make(3104, 'HY000', `Cannot define foreign key with ${clause} clause on a generated column.`);
export const foreignKeyOfVirtual = (key: string, column: string): SqlError =>
  make(3733, 'HY000', `Foreign key '${key}' uses virtual column '${column}' which is not supported.`);
export const temporaryWithPartitions = (): SqlError =>
  make(1562, 'HY000', 'Cannot create temporary table with partitions');
