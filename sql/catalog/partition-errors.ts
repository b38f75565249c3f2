/** MySQL's errors about partitions, with MySQL's texts. */
import { SqlError } from '../../base/error.ts';

const make = (errno: number, message: string): SqlError => new SqlError(errno, 'HY000', message);

export type Kind = 'RANGE' | 'LIST' | 'HASH' | 'KEY';

export const valuesWanted = (kind: 'RANGE' | 'LIST'): SqlError =>
  make(1479, `Syntax error: ${kind} PARTITIONING requires definition of VALUES ${clauseOf(kind)} for each partition`);
export const valuesUnwanted = (kind: 'RANGE' | 'LIST'): SqlError =>
  make(1480, `Only ${kind} PARTITIONING can use VALUES ${clauseOf(kind)} in partition definition`);
export const maxvalueNotLast = (): SqlError => make(1481, 'MAXVALUE can only be used in last partition definition');
export const wrongCount = (): SqlError =>
  make(1484, 'Wrong number of partitions defined, mismatch with previous setting');
export const fieldMissing = (): SqlError =>
  make(1488, 'Field in list of fields for partition function not found in table');
export const mustBeDefined = (kind: 'RANGE' | 'LIST'): SqlError =>
  make(1492, `For ${kind} partitions each partition must be defined`);
export const notIncreasing = (): SqlError =>
  make(1493, 'VALUES LESS THAN value must be strictly increasing for each partition');
export const sameConstant = (): SqlError => make(1495, 'Multiple definition of same constant in list partitioning');
export const tooMany = (): SqlError => make(1499, 'Too many partitions (including subpartitions) were defined');
export const blobField = (): SqlError => make(1502, 'A BLOB field is not allowed in partition function');
export const uniqueLacksColumns = (primary: boolean): SqlError =>
  make(
    1503,
    `A ${primary ? 'PRIMARY KEY' : 'UNIQUE INDEX'} must include all columns in the table's partitioning function (prefixed columns are not considered).`,
  );
export const noParts = (): SqlError => make(1504, 'Number of partitions = 0 is not an allowed value');
export const notPartitioned = (): SqlError =>
  make(1505, 'Partition management on a not partitioned table is not possible');
export const foreignKeys = (): SqlError =>
  make(1506, 'Foreign keys are not yet supported in conjunction with partitioning');
export const wrongList = (verb: string): SqlError => make(1507, `Error in list of partitions to ${verb}`);
export const dropAll = (): SqlError => make(1508, 'Cannot remove all partitions, use DROP TABLE instead');
export const coalesceHashOnly = (): SqlError =>
  make(1509, 'COALESCE PARTITION can only be used on HASH/KEY partitions');
export const reorganizeSameCount = (): SqlError =>
  make(1510, 'REORGANIZE PARTITION can only be used to reorganize partitions not to change their numbers');
export const reorganizeNothing = (): SqlError =>
  make(
    1511,
    'REORGANIZE PARTITION without parameters can only be used on auto-partitioned tables using HASH PARTITIONs',
  );
export const rangeListOnly = (verb: string): SqlError =>
  make(1512, `${verb} PARTITION can only be used on RANGE/LIST partitions`);
export const addNothing = (): SqlError => make(1514, 'At least one partition must be added');
export const coalesceNothing = (): SqlError => make(1515, 'At least one partition must be coalesced');
export const reorganizeTooMany = (): SqlError => make(1516, 'More partitions to reorganize than there are partitions');
export const sameName = (name: string): SqlError => make(1517, `Duplicate partition name ${name}`);
export const notConsecutive = (): SqlError =>
  make(1519, 'When reorganizing a set of partitions they must be in consecutive order');
export const outsideRange = (): SqlError =>
  make(
    1520,
    'Reorganize of range partitions cannot change total ranges except for last partition where it can extend the range',
  );
export const outOfDomain = (): SqlError => make(1563, 'Partition constant is out of partition function domain');
export const nullBound = (): SqlError => make(1566, 'Not allowed to use NULL value in VALUES LESS THAN');
export const wrongName = (): SqlError => make(1567, 'Incorrect partition name');
export const sameField = (name: string): SqlError => make(1652, `Duplicate partition field name '${name}'`);
export const inconsistentColumns = (): SqlError =>
  make(1653, 'Inconsistency in usage of column lists for partitioning');
export const wrongValueType = (): SqlError => make(1654, 'Partition column values of incorrect type');
export const tooManyFields = (): SqlError => make(1655, "Too many fields in 'list of partition fields'");
export const maxvalueInList = (): SqlError => make(1656, 'Cannot use MAXVALUE as value in VALUES IN');
export const tooManyValues = (kind: string): SqlError =>
  make(1657, `Cannot have more than one value for this type of ${kind} partitioning`);
export const rowForOneField = (): SqlError =>
  make(1658, 'Row expressions in VALUES IN only allowed for multi-field column partitioning');
export const fieldType = (name: string): SqlError =>
  make(1659, `Field '${name}' is of a not allowed type for this type of partitioning`);
export const notAnInteger = (partition: string): SqlError =>
  make(1697, `VALUES value for partition '${partition}' must have type INT`);
export const differentOption = (what: string): SqlError =>
  make(1731, `Non matching attribute '${what}' between partition and table`);
export const exchangePartitioned = (name: string): SqlError =>
  make(1732, `Table to exchange with partition is partitioned: '${name}'`);
export const unknownPartition = (partition: string, table: string): SqlError =>
  make(1735, `Unknown partition '${partition}' in table '${table}'`);
export const differentTables = (): SqlError => make(1736, 'Tables have different definitions');
export const rowDoesNotMatch = (): SqlError => make(1737, 'Found a row that does not match the partition');
export const exchangeReferenced = (name: string): SqlError =>
  make(1740, `Table to exchange with partition has foreign key references: '${name}'`);
export const columnNeeded = (column: string): SqlError =>
  make(3855, `Column '${column}' has a partitioning function dependency and cannot be dropped or renamed.`);

function clauseOf(kind: 'RANGE' | 'LIST'): string {
  return kind === 'RANGE' ? 'LESS THAN' : 'IN';
}
