/** The store of accounts without a server around it: who is matched, what is granted, what the texts say, what survives. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../parser/index.ts';
import { createTestCatalog, ROOT, testCaller } from '../testing.ts';
import { PrivilegeStore, type AccountCaller, type AccountStatement, type GeneratedPassword } from '../privileges.ts';
import { matchAccount } from './host-match.ts';
import { PRIVILEGES } from './privilege-names.ts';
import { completed } from './stored-account.ts';

type World = Awaited<ReturnType<typeof createTestCatalog>>;

interface Console {
  readonly world: World;
  readonly store: PrivilegeStore;
  run(sql: string, more?: Partial<AccountCaller>): Promise<readonly GeneratedPassword[]>;
  refused(sql: string, errno: number, more?: Partial<AccountCaller>): Promise<string>;
  grants(name: string, host?: string): string[];
}

async function open(): Promise<Console> {
  const world = await createTestCatalog();
  const store = world.catalog.privileges;
  const run = (sql: string, more: Partial<AccountCaller> = {}): Promise<readonly GeneratedPassword[]> =>
    store.execute(parse(sql)[0]!.statement as AccountStatement, testCaller(more));
  return {
    world, store, run, grants: (name, host = '%') => store.grants(store.account(name, host)!),
    refused: async (sql, errno, more) => {
      let message = '';
      await assert.rejects(run(sql, more), (error: { errno?: number; message: string }) => {
        message = error.message;
        assert.equal(error.errno, errno, `${sql}: ${error.errno} ${error.message}`);
        return true;
      });
      return message;
    },
  }; // prettier-ignore
}

const as = (account: string, roles: readonly string[] = []): Partial<AccountCaller> => ({ who: { account, roles } });

test('the most particular account is the one a client is', () => {
  const hosts = ['%', '10.%', '10.1.%', '10.1.0.0/255.255.0.0', '10.1.2.3', 'localhost', '10.1.2.0/24'];
  const accounts = hosts.map((host) => ({ user: 'u', host }));
  const host = (address: string, list = accounts) => matchAccount(list, 'u', address)?.host;
  assert.equal(host('10.1.2.3'), '10.1.2.3');
  assert.equal(host('10.1.2.4'), '10.1.2.0/24');
  assert.equal(host('10.1.9.9'), '10.1.0.0/255.255.0.0');
  assert.equal(host('10.2.0.0'), '10.%');
  assert.equal(host('11.0.0.1'), '%');
  assert.equal(host('::ffff:127.0.0.1'), 'localhost');
  const mixed = [{ user: '', host: 'localhost' }, { user: 'u', host: '%' }]; // prettier-ignore
  assert.equal(host('127.0.0.1', mixed), 'localhost', 'the host goes first, so the anonymous account wins');
  assert.equal(host('10.0.0.1', [{ user: 'u', host: '10.0.0.0/255.0.0.1' }]), undefined, 'no network has that mask');
});

test('root without a password is for loopback only', async () => {
  const { store } = await open();
  assert.equal(store.match('root', '127.0.0.1')?.key, 'root@localhost');
  assert.equal(store.match('root', '10.0.0.1'), undefined);
});

test('SHOW GRANTS is what was granted, everything down to columns', async () => {
  const { run, grants, refused } = await open();
  await run("create user 'a'");
  await run("grant all on shop.* to 'a'");
  await run("grant select, insert on test.* to 'a' with grant option");
  await run("grant select (b, a), insert (a), update on test.t to 'a'");
  await run("grant process, reload on *.* to 'a'");
  await run("grant backup_admin, ROLE_ADMIN on *.* to 'a'");
  await run("grant connection_admin on *.* to 'a' with grant option");
  assert.deepEqual(grants('a'), [
    'GRANT RELOAD, PROCESS ON *.* TO `a`@`%`',
    'GRANT BACKUP_ADMIN,ROLE_ADMIN ON *.* TO `a`@`%`',
    'GRANT CONNECTION_ADMIN ON *.* TO `a`@`%` WITH GRANT OPTION',
    'GRANT ALL PRIVILEGES ON `shop`.* TO `a`@`%`',
    'GRANT SELECT, INSERT ON `test`.* TO `a`@`%` WITH GRANT OPTION',
    'GRANT SELECT (`a`, `b`), INSERT (`a`), UPDATE ON `test`.`t` TO `a`@`%`',
  ]);
  await run("revoke select (a), update on test.t from 'a'");
  assert.equal(grants('a').at(-1), 'GRANT SELECT (`b`), INSERT (`a`) ON `test`.`t` TO `a`@`%`');
  await refused("revoke select (c) on test.t from 'a'", 1147);
  await run("revoke select, insert on test.t from 'a'");
  assert.equal(grants('a').length, 5, 'a row that holds nothing goes');
  await refused("revoke select on test.t from 'a'", 1147);
  await refused("revoke select on nowhere.* from 'a'", 1141);
  await run("revoke if exists select on nowhere.* from 'a'");
  await run("revoke all privileges, grant option from 'a'");
  assert.deepEqual(grants('a'), ['GRANT USAGE ON *.* TO `a`@`%`']);
});

test('what has no meaning at a place is refused there', async () => {
  const { run, refused } = await open();
  await run("create user 'a'");
  await refused("grant select on *.* to 'nobody'", 1410);
  await refused("grant process on test.* to 'a'", 1221);
  await refused("grant process on test.t to 'a'", 1144);
  await refused("grant execute on test.t to 'a'", 1144);
  await refused("grant select (a) on test.* to 'a'", 1144);
  await refused("grant backup_admin on test.* to 'a'", 3619);
  await refused("grant no_such_admin on *.* to 'a'", 1149);
  await refused("grant select on test.missing to 'a'", 1146);
  await run("grant create on test.missing to 'a'");
  await refused("grant select (z) on test.t to 'a'", 1054);
  await refused("grant select on test.t to 'a', 'nobody'", 1410);
  await refused("revoke select on test.t from 'nobody'", 1141);
  await run("revoke select on *.* from 'nobody' ignore unknown user");
  for (const clause of ["to 'a' identified by 'x'", "to 'a' require ssl", "to 'a' as 'root'"])
    await refused(`grant all on test.* ${clause}`, 1235);
});

test('rights go down: everything, database, table, column', async () => {
  const { run, store } = await open();
  await run("create user 'a'");
  await run("grant select (a) on test.t to 'a'");
  await run("grant delete on `te\\_t`.* to 'a'");
  await run("grant insert on `te__`.* to 'a'");
  const rights = () => store.rights({ account: 'a@%', roles: [] });
  assert.equal(rights().columns('SELECT', 'test', 't'), 'some');
  assert.equal(rights().onColumn('SELECT', 'TEST', 't', 'A'), true);
  assert.equal(rights().onColumn('SELECT', 'test', 't', 'b'), false);
  assert.equal(rights().inDatabase('DELETE', 'te_t'), true);
  assert.equal(rights().inDatabase('DELETE', 'test'), false, 'an escaped _ is a letter');
  assert.equal(rights().inDatabase('INSERT', 'test'), true);
  assert.equal(rights().inDatabase('INSERT', 'te_t'), false, 'the more particular pattern hides the other');
  assert.equal(rights().seesDatabase('shop'), false);
  await run("grant show databases on *.* to 'a'");
  assert.equal(rights().seesDatabase('shop'), true);
});

test('to pass a privilege on one needs it, and GRANT OPTION', async () => {
  const { run, refused } = await open();
  await run("create user 'a', 'b'");
  await run("grant select on test.* to 'a'");
  assert.match(await refused("grant select on test.* to 'b'", 1044, as('a@%')), /'a'@'%' to database 'test'/);
  assert.match(await refused("grant select on test.t to 'b'", 1142, as('a@%')), /^GRANT command denied/);
  await refused("grant select on *.* to 'b'", 1045, as('a@%'));
  await run("grant grant option on test.* to 'a'");
  await run("grant select on test.t to 'b'", as('a@%'));
  assert.match(await refused("grant select, insert on test.t to 'b'", 1142, as('a@%')), /^INSERT command denied/);
  await run("grant backup_admin on *.* to 'a'");
  await refused("grant backup_admin on *.* to 'b'", 1227, as('a@%'));
  await run("grant backup_admin on *.* to 'a' with grant option");
  await run("grant backup_admin on *.* to 'b'", as('a@%'));
  await refused("create user 'c'", 1227, as('a@%'));
  await refused("drop user 'b'", 1227, as('a@%'));
  await run("grant create user on *.* to 'a'");
  await run("create user 'c'", as('a@%'));
  assert.match(await refused("drop user 'root'@'localhost'", 1227, as('a@%')), /SYSTEM_USER/);
  await refused("alter user 'root'@'localhost' identified by ''", 1227, as('a@%'));
});

test('roles bring what they were granted, through other roles too', async () => {
  const { run, refused, store, grants } = await open();
  await run("create role reader, writer, 'all'@'h'");
  await refused('create role reader', 1396);
  await run("create user 'a'");
  await run('grant select on test.* to reader');
  await run('grant insert on test.* to writer');
  await run('grant reader to writer');
  await run("grant writer to 'a' with admin option");
  const may = (roles: string[], name: string) => store.rights({ account: 'a@%', roles }).inDatabase(name, 'test');
  assert.equal(may([], 'SELECT'), false);
  assert.equal(may(['writer@%'], 'SELECT'), true);
  assert.equal(may(['reader@%'], 'SELECT'), false, 'only what is granted itself can be active');
  assert.match(await refused('grant writer to reader', 4027), /`reader`@`%` is directly or indirectly granted to the role `writer`@`%`/); // prettier-ignore
  await refused('grant reader to reader', 4027);
  await refused("grant nothing to 'a'", 3523);
  await refused("grant reader to 'nobody'", 3523);
  await refused("grant reader to 'a'", 1227, as('a@%'));
  await run('grant writer to reader', { ...as('a@%') }).catch(() => undefined);
  assert.deepEqual(grants('a'), ['GRANT USAGE ON *.* TO `a`@`%`', 'GRANT `writer`@`%` TO `a`@`%` WITH ADMIN OPTION']);
  assert.deepEqual(store.grants(store.account('a', '%')!, [{ user: 'writer', host: '%' }]), [
    'GRANT USAGE ON *.* TO `a`@`%`',
    'GRANT SELECT, INSERT ON `test`.* TO `a`@`%`',
    'GRANT `writer`@`%` TO `a`@`%` WITH ADMIN OPTION',
  ]);
  assert.throws(() => store.grants(store.account('a', '%')!, [{ user: 'reader', host: '%' }]), { errno: 3530 });
  await refused("set default role reader to 'a'", 3530);
  await run("set default role writer to 'a'");
  assert.deepEqual(store.defaultRoles('a@%'), ['writer@%']);
  await run('rename user writer to scribe');
  assert.deepEqual(store.defaultRoles('a@%'), ['scribe@%'], 'edges follow the name');
  await refused('drop role scribe', 3628, { mandatoryRoles: [{ user: 'scribe', host: '%' }] });
  await run('drop role scribe');
  assert.deepEqual(grants('a'), ['GRANT USAGE ON *.* TO `a`@`%`']);
  store.mandatoryRoles = () => [{ user: 'reader', host: '%' }];
  assert.equal(may(['reader@%'], 'SELECT'), true, 'a mandatory role is everybody’s');
  assert.equal(grants('a').at(-1), 'GRANT `reader`@`%` TO `a`@`%`');
});

test('passwords: the rules of an account, one after the other', async () => {
  const { run, refused, store } = await open();
  await run("create user 'a' identified by 'one' password history 2 password require current");
  const own = as('a@%');
  await refused("alter user 'a' identified by 'two'", 3892, own);
  await refused("alter user 'a' identified by 'two' replace 'wrong'", 3891, own);
  await refused("alter user 'a' identified by 'two' replace 'one'", 3893);
  await run("alter user 'a' identified by 'two' replace 'one'", own);
  await refused("alter user 'a' identified by 'one'", 3638);
  await refused("alter user 'a' identified by 'two'", 3638);
  await run("alter user 'a' identified by 'three'");
  await run("alter user 'a' identified by 'one'");
  await run("alter user 'a' identified by 'next' retain current password");
  assert.notEqual(store.account('a', '%')!.password.secondary, '');
  await refused("alter user 'a' identified by '' retain current password", 3895);
  await run("alter user 'a' discard old password");
  assert.equal(store.account('a', '%')!.password.secondary, '');
  await refused("alter user 'a' account lock", 1227, own);
  await refused("set password for 'root'@'localhost' = 'x'", 1044, own);
  const [made] = await run("set password for 'a' to random");
  assert.equal(made!.password.length, 20);
  await run("alter user 'a' password expire");
  assert.equal(store.isExpired('a@%', 0, 0), true);
  await run("alter user 'a' identified by 'fresh'");
  assert.equal(store.isExpired('a@%', 1_700_000_000_000, 0), false);
  await run("alter user 'a' identified with mysql_native_password");
  assert.equal(store.isExpired('a@%', 0, 0), true, 'its owner has to choose a new one');
  await run("alter user 'a' identified by 'fresh again'");
  await run("alter user 'a' password expire interval 3 day");
  assert.equal(store.isExpired('a@%', 1_700_000_000_000 + 4 * 86_400_000, 0), true);
  assert.equal(store.isExpired('root@localhost', 1_700_000_000_000, 1), false, 'older than ages: not expired');
});

test('SHOW CREATE USER makes the account again', async () => {
  const { run, store } = await open();
  await run('create role r');
  await run(
    "create user 'a' identified with mysql_native_password by 'x' default role r require subject '/CN=x' and issuer 'it''s' with max_queries_per_hour 5 max_user_connections 2 " +
      'password expire interval 7 day account lock password history 3 password reuse interval 30 day password require current optional failed_login_attempts 4 password_lock_time unbounded attribute \'{"b": [1, 2], "a": "it\'\'s"}\'',
  );
  const text = store.createStatement(store.account('a', '%')!);
  assert.equal(
    text,
    "CREATE USER `a`@`%` IDENTIFIED WITH 'mysql_native_password' AS '*B69027D44F6E5EDC07F1AEAD1477967B16F28227' DEFAULT ROLE `r`@`%` REQUIRE SUBJECT '/CN=x' ISSUER 'it\\'s' " +
      'WITH MAX_QUERIES_PER_HOUR 5 MAX_USER_CONNECTIONS 2 PASSWORD EXPIRE INTERVAL 7 DAY ACCOUNT LOCK PASSWORD HISTORY 3 PASSWORD REUSE INTERVAL 30 DAY ' +
      'PASSWORD REQUIRE CURRENT OPTIONAL FAILED_LOGIN_ATTEMPTS 4 PASSWORD_LOCK_TIME UNBOUNDED ATTRIBUTE \'{"a": "it\\\'s", "b": [1, 2]}\'',
  );
  const before = store.account('a', '%')!;
  await run("drop user 'a'");
  await run(text);
  assert.deepEqual(store.account('a', '%'), before);
});

const NAMES = ['a`b', "a'b", 'a"b', 'a\\b', 'a\nb', 'a\tb', '`; drop user root; --', "'; --", 'ü', '%', '_', 'a@b', '']; // prettier-ignore

test('names with anything in them go through GRANT, SHOW GRANTS and SHOW CREATE USER and back', async () => {
  const { run, refused, store } = await open();
  const tick = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
  const quote = (name: string): string => `'${name.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
  for (const name of NAMES) {
    const database = name === '' ? 'x' : name;
    await run(`create user ${quote(name)}@'h' identified by 'secret'`);
    await run(`grant create on ${tick(database)}.${tick(database)} to ${quote(name)}@'h'`);
    await run(`grant select on ${tick(database)}.* to ${quote(name)}@'h' with grant option`);
    const before = store.account(name, 'h')!;
    const texts = [store.createStatement(before), ...store.grants(before)];
    await run(`drop user ${quote(name)}@'h'`);
    for (const text of texts) {
      assert.equal(parse(text).length, 1, text);
      await run(text);
    }
    assert.deepEqual(store.account(name, 'h'), before, JSON.stringify(name));
  }
  await refused("create user 'a\\0b'", 1396);
  await refused("create user 'a'@'h\\0'", 1396);
  await refused(`create user '${'x'.repeat(33)}'`, 1470);
});

test('two servers that grant at once lose nothing of each other', async () => {
  const { world, run, store } = await open();
  await run("create user 'a'");
  const other = await PrivilegeStore.open(world.kv);
  const give = (to: PrivilegeStore, name: string) =>
    to.execute(parse(`grant ${name} on test.* to 'a'`)[0]!.statement as AccountStatement, testCaller());
  await Promise.all([give(store, 'select'), give(other, 'insert'), give(store, 'update'), give(other, 'delete')]);
  await store.reload();
  await other.reload();
  for (const one of [store, other])
    assert.deepEqual(one.grants(one.account('a', '%')!)[1], 'GRANT SELECT, INSERT, UPDATE, DELETE ON `test`.* TO `a`@`%`'); // prettier-ignore
});

test('accounts are there after a restart, and rows of older servers are completed', async () => {
  const old = { user: 'root', host: 'h', global: [...PRIVILEGES], globalGrantOption: true, comment: 'x' };
  assert.deepEqual(completed(old).dynamic.find((one) => one.name === 'ROLE_ADMIN'), { name: 'ROLE_ADMIN', grantOption: true }); // prettier-ignore
  assert.deepEqual(completed(old).attributes, { comment: 'x' });
  assert.deepEqual(completed({ ...old, global: ['SELECT'] }).dynamic, []);
  const { world, run, store } = await open();
  await run('create role r');
  await run("create user 'a' identified by 'x' default role r comment 'hello'");
  await run("grant select (a) on test.t to 'a'");
  const reopened = await PrivilegeStore.open(world.kv);
  assert.deepEqual(reopened.all(), store.all());
  const seen = await world.catalog.virtualRows('information_schema', 'SCHEMATA', { ...ROOT, account: 'a@%' });
  assert.deepEqual(seen.map((row) => row[1]), ['information_schema', 'performance_schema', 'test']); // prettier-ignore
});
