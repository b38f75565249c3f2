/** `mandatory_roles`: a list of accounts in one variable, read again when it changes. */
import { SqlError } from '../../base/error.ts';
import type { AccountName } from '../catalog/index.ts';
import type { GrantRoleStatement } from '../parser/ast.ts';
import { parse } from '../parser/index.ts';

export class MandatoryRoles {
  private readonly text: () => string;
  private last = '';
  private roles: readonly AccountName[] = [];

  constructor(text: () => string) {
    this.text = text;
  }

  /** The same list as long as the variable is the same. */
  now(): readonly AccountName[] {
    const text = this.text();
    if (text !== this.last) {
      this.last = text;
      this.roles = roleList(text) ?? [];
    }
    return this.roles;
  }
}

/** `undefined`: no list of roles. Names are read as GRANT reads them. */
function roleList(text: string): AccountName[] | undefined {
  if (text.trim() === '') return [];
  try {
    const parsed = parse(`GRANT ${text} TO nobody`);
    const statement = parsed[0]?.statement as GrantRoleStatement | undefined;
    if (parsed.length !== 1 || statement?.kind !== 'grant-role' || statement.adminOption) return undefined;
    return statement.roles.map(({ user, host }) => ({ user, host }));
  } catch {
    return undefined;
  }
}

export function checkRoleList(value: string): string {
  if (roleList(value) === undefined)
    throw new SqlError(1231, '42000', `Variable 'mandatory_roles' can't be set to the value of '${value}'`);
  return value;
}
