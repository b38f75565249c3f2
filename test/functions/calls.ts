/**
 * The calls behind docs/functions.md: every name with every class of argument in each of its places. `{…}` is a place and what
 * stands in it while another one is varied; the rest of a template is the same in all its calls.
 */

export interface ArgumentClass {
  readonly name: string;
  /** `undefined`: values of the class come from columns only. */
  readonly literal?: string;
  readonly column: string;
}

export const CLASSES: readonly ArgumentClass[] = [
  { name: 'int', literal: '3', column: 'i' },
  { name: 'negative', literal: '-7', column: 'm' },
  { name: 'unsigned', literal: '18446744073709551615', column: 'u' },
  { name: 'decimal', literal: '12.345', column: 'd' },
  { name: 'double', literal: '1.5e0', column: 'f' },
  { name: 'digits', literal: "'42'", column: 'n' },
  { name: 'text', literal: "'abc'", column: 's' },
  { name: 'bytes', literal: "x'61ff'", column: 'x' },
  { name: 'date', literal: "date'2024-02-29'", column: 'dt' },
  { name: 'time', literal: "time'10:11:12'", column: 'tm' },
  { name: 'datetime', literal: "timestamp'2024-02-29 10:11:12.5'", column: 'ts' },
  { name: 'year', column: 'y' },
  { name: 'json', column: 'j' },
  { name: 'bit', literal: "b'101'", column: 'b' },
  { name: 'enum', column: 'e' },
  { name: 'set', column: 'st' },
  { name: 'null', literal: 'null', column: 'z' },
];

export const SET_UP: readonly string[] = [
  'create table o (o int primary key)',
  'insert into o values (1)',
  `create table t (
    id int primary key, i int, m int, u bigint unsigned, d decimal(10,3), f double, n varchar(20), s varchar(20), x varbinary(20), dt date, tm time,
    ts datetime(1), y year, j json, b bit(5), e enum('x','abc'), st set('a','b','c'), z int
  )`,
  `insert into t values (1, 3, -7, 18446744073709551615, 12.345, 1.5, '42', 'abc', x'61ff', '2024-02-29', '10:11:12', '2024-02-29 10:11:12.5', 2024,
    '{"a": [1, 2]}', b'101', 'abc', 'a,c', null)`,
];

/** Family → name → templates. Names that are spelt otherwise in SQL have their operator. */
export const FAMILIES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  Operators: {
    plus: ['{2} + {3}'],
    minus: ['{5} - {3}'],
    mul: ['{2} * {3}'],
    div: ['{7} / {2}'],
    intdiv: ['{7} div {2}'],
    mod: ['{7} % {4}', 'mod({7}, {4})'],
    neg: ['- {3}'],
    bitand: ['{6} & {3}'],
    bitor: ['{6} | {3}'],
    bitxor: ['{6} ^ {3}'],
    bitneg: ['~ {3}'],
    shl: ['{1} << {3}'],
    shr: ['{64} >> {3}'],
    eq: ['{3} = {3}'],
    ne: ['{3} <> {3}'],
    lt: ['{2} < {3}'],
    le: ['{2} <= {3}'],
    gt: ['{2} > {3}'],
    ge: ['{2} >= {3}'],
    nulleq: ['{3} <=> {3}'],
    and: ['{1} and {1}'],
    or: ['{0} or {0}'],
    xor: ['{1} xor {0}'],
    not: ['not {1}'],
    isnull: ['{1} is null', 'isnull({1})'],
    istrue: ['{1} is true'],
    isfalse: ['{1} is false'],
    between: ["{'b'} between {'a'} and {'c'}", '{2} between {1} and {3}'],
    in: ['{2} in ({1}, {2})'],
    like: ["{'abc'} like {'a%'}"],
    regexp: ["{'abc'} regexp {'b+'}", "{'abc'} rlike {'^a'}"],
    case: ['case {1} when {1} then {2} else {3} end', 'case when {1} then {2} else {3} end'],
    cast: [
      'cast({5} as signed)', 'cast({5} as unsigned)', 'cast({5} as decimal(10,2))', 'cast({5} as double)', 'cast({5} as char)',
      'cast({5} as char(2))', 'cast({5} as binary)', 'cast({5} as date)', 'cast({5} as datetime(2))', 'cast({5} as time)',
    ],
    convert_using: ['convert({5} using latin1)'],
  },
  'Control flow': {
    if: ['if({1}, {2}, {3})'],
    ifnull: ['ifnull({1}, {2})'],
    nullif: ['nullif({1}, {2})'],
    coalesce: ['coalesce({null}, {2})', 'coalesce({1})'],
    greatest: ['greatest({1}, {2})'],
    least: ['least({1}, {2})'],
    interval: ['interval({3}, {1}, {5})'],
    elt: ["elt({1}, {'a'}, {'b'})"],
    field: ["field({'a'}, {'a'}, {'b'})"],
  },
  Numbers: {
    abs: ['abs({1})'], acos: ['acos({0.5})'], asin: ['asin({0.5})'], atan: ['atan({1})', 'atan({1}, {2})'], atan2: ['atan2({1}, {2})'],
    bin: ['bin({5})'], bit_count: ['bit_count({7})'], ceil: ['ceil({1.5})'], ceiling: ['ceiling({1.5})'], conv: ['conv({10}, {10}, {16})'],
    cos: ['cos({1})'], cot: ['cot({1})'], crc32: ["crc32({'a'})"], degrees: ['degrees({1})'], exp: ['exp({1})'], floor: ['floor({1.5})'],
    format: ['format({1234.5}, {2})'], hex: ['hex({255})'], ln: ['ln({2})'], log: ['log({2})', 'log({2}, {8})'], log10: ['log10({2})'],
    log2: ['log2({2})'], oct: ['oct({8})'], pi: ['pi()'], pow: ['pow({2}, {3})'], power: ['power({2}, {3})'], radians: ['radians({1})'],
    rand: ['rand({1})'], round: ['round({1.55})', 'round({1.55}, {1})'], sign: ['sign({1})'], sin: ['sin({1})'], sqrt: ['sqrt({2})'],
    tan: ['tan({1})'], truncate: ['truncate({1.55}, {1})'],
  },
  Text: {
    ascii: ["ascii({'a'})"], bit_length: ["bit_length({'a'})"], char: ['char({65}, {66})', 'char({65} using latin1)'], char_length: ["char_length({'a'})"],
    character_length: ["character_length({'a'})"], concat: ["concat({'a'}, {'b'})"], concat_ws: ["concat_ws({','}, {'a'}, {'b'})"],
    export_set: ["export_set({5}, {'Y'}, {'N'}, {','}, {4})"], find_in_set: ["find_in_set({'b'}, {'a,b'})"], from_base64: ["from_base64({'YWJj'})"],
    insert: ["insert({'abcd'}, {2}, {1}, {'x'})"], instr: ["instr({'abc'}, {'b'})"], lcase: ["lcase({'A'})"], left: ["left({'abc'}, {2})"],
    length: ["length({'a'})"], locate: ["locate({'b'}, {'abc'})", "locate({'b'}, {'abc'}, {1})"], lower: ["lower({'A'})"], lpad: ["lpad({'a'}, {3}, {'x'})"],
    ltrim: ["ltrim({' a'})"], make_set: ["make_set({3}, {'a'}, {'b'})"], mid: ["mid({'abc'}, {2}, {1})"], octet_length: ["octet_length({'a'})"],
    ord: ["ord({'a'})"], position: ["position({'b'} in {'abc'})"], quote: ["quote({'a'})"], repeat: ["repeat({'a'}, {2})"],
    replace: ["replace({'abc'}, {'b'}, {'x'})"], reverse: ["reverse({'abc'})"], right: ["right({'abc'}, {2})"], rpad: ["rpad({'a'}, {3}, {'x'})"],
    rtrim: ["rtrim({'a '})"], soundex: ["soundex({'abc'})"], space: ['space({2})'], strcmp: ["strcmp({'a'}, {'b'})"],
    substr: ["substr({'abc'}, {2})"], substring: ["substring({'abc'}, {2}, {1})", "substring({'abc'} from {2} for {1})"],
    substring_index: ["substring_index({'a,b'}, {','}, {1})"], to_base64: ["to_base64({'a'})"],
    trim: ["trim({' a '})", "trim(leading {'a'} from {'abc'})", "trim(both {'c'} from {'abc'})"], ucase: ["ucase({'a'})"], unhex: ["unhex({'61'})"],
    upper: ["upper({'a'})"], weight_string: ["weight_string({'a'})"], charset: ["charset({'a'})"], collation: ["collation({'a'})"],
    coercibility: ["coercibility({'a'})"],
    regexp_instr: ["regexp_instr({'abc'}, {'b'})"], regexp_like: ["regexp_like({'abc'}, {'b'})"], regexp_replace: ["regexp_replace({'abc'}, {'b'}, {'x'})"],
    regexp_substr: ["regexp_substr({'abc'}, {'b+'})"],
  },
  'Dates and times': {
    adddate: ["adddate({'2024-02-29'}, {1})", "adddate({'2024-02-29'}, interval {1} month)"],
    addtime: ["addtime({'10:11:12'}, {'01:00:00'})"],
    convert_tz: ["convert_tz({'2024-02-29 10:00:00'}, '+00:00', '+02:00')", "convert_tz('2024-02-29 10:00:00', {'+00:00'}, {'+02:00'})"],
    curdate: ['curdate()'], current_date: ['current_date'], current_time: ['current_time', 'current_time(3)'],
    current_timestamp: ['current_timestamp', 'current_timestamp(6)'], curtime: ['curtime()', 'curtime(2)'],
    date: ["date({'2024-02-29'})"],
    date_add: [
      "date_add({'2024-02-29'}, interval {1} day)", "date_add({'2024-02-29'}, interval {1} second)", "date_add({'2024-02-29'}, interval {'1:2'} minute_second)",
      "{'2024-02-29'} + interval {1} year", "date_add({'10:11:12'}, interval {1} hour)", "date_add({'2024-02-29'}, interval {1} microsecond)",
    ],
    date_sub: ["date_sub({'2024-02-29'}, interval {1} day)", "date_sub({'2024-02-29'}, interval {1} quarter)"],
    date_format: ["date_format({'2024-02-29 10:11:12'}, {'%Y %j %W %H %f'})"],
    datediff: ["datediff({'2024-02-29'}, {'2024-01-01'})"],
    day: ["day({'2024-02-29'})"], dayname: ["dayname({'2024-02-29'})"], dayofmonth: ["dayofmonth({'2024-02-29'})"],
    dayofweek: ["dayofweek({'2024-02-29'})"], dayofyear: ["dayofyear({'2024-02-29'})"],
    extract: ["extract(year from {'2024-02-29'})", "extract(hour_minute from {'2024-02-29 10:11:12'})", "extract(day_microsecond from {'2024-02-29 10:11:12'})"],
    from_days: ['from_days({739000})'], from_unixtime: ['from_unixtime({86400})', "from_unixtime({86400}, {'%Y'})"],
    get_format: ["get_format(date, {'EUR'})"], hour: ["hour({'10:11:12'})"], last_day: ["last_day({'2024-02-10'})"],
    localtime: ['localtime'], localtimestamp: ['localtimestamp'], makedate: ['makedate({2024}, {60})'], maketime: ['maketime({10}, {11}, {12})'],
    microsecond: ["microsecond({'10:11:12.5'})"], minute: ["minute({'10:11:12'})"], month: ["month({'2024-02-29'})"], monthname: ["monthname({'2024-02-29'})"],
    now: ['now()', 'now(6)'], period_add: ['period_add({202401}, {3})'], period_diff: ['period_diff({202401}, {202312})'], quarter: ["quarter({'2024-02-29'})"],
    sec_to_time: ['sec_to_time({3661})'], second: ["second({'10:11:12'})"], str_to_date: ["str_to_date({'29,2,2024'}, {'%d,%m,%Y'})"],
    subdate: ["subdate({'2024-02-29'}, {1})"], subtime: ["subtime({'10:11:12'}, {'01:00:00'})"], time: ["time({'2024-02-29 10:11:12'})"],
    time_format: ["time_format({'10:11:12'}, {'%H %i'})"], time_to_sec: ["time_to_sec({'10:11:12'})"], timediff: ["timediff({'10:11:12'}, {'01:00:00'})"],
    timestamp: ["timestamp({'2024-02-29'})", "timestamp({'2024-02-29'}, {'10:11:12'})"],
    timestampadd: ["timestampadd(day, {1}, {'2024-02-29'})", "timestampadd(second, {1}, {'2024-02-29'})"],
    timestampdiff: ["timestampdiff(day, {'2024-01-01'}, {'2024-02-29'})", "timestampdiff(second, {'2024-01-01'}, {'2024-02-29'})"],
    to_days: ["to_days({'2024-02-29'})"], to_seconds: ["to_seconds({'2024-02-29'})"], unix_timestamp: ['unix_timestamp()', "unix_timestamp({'2024-02-29'})"],
    utc_date: ['utc_date()'], utc_time: ['utc_time()'], utc_timestamp: ['utc_timestamp()', 'utc_timestamp(3)'], week: ["week({'2024-02-29'})", "week({'2024-02-29'}, {3})"],
    weekday: ["weekday({'2024-02-29'})"], weekofyear: ["weekofyear({'2024-02-29'})"], year: ["year({'2024-02-29'})"], yearweek: ["yearweek({'2024-02-29'})", "yearweek({'2024-02-29'}, {1})"],
  },
  JSON: {
    json_array: ['json_array({1}, {2})'], json_array_append: ["json_array_append({'[1]'}, {'$'}, {2})"], json_array_insert: ["json_array_insert({'[1]'}, {'$[0]'}, {2})"],
    json_contains: ["json_contains({'[1, 2]'}, {'1'})"], json_contains_path: ["json_contains_path({'{\"a\": 1}'}, {'one'}, {'$.a'})"], json_depth: ["json_depth({'[1]'})"],
    json_extract: ["json_extract({'{\"a\": 1}'}, {'$.a'})"], json_insert: ["json_insert({'{}'}, {'$.a'}, {2})"], json_keys: ["json_keys({'{\"a\": 1}'})"],
    json_length: ["json_length({'[1, 2]'})"], json_merge: ["json_merge({'[1]'}, {'[2]'})"], json_merge_patch: ["json_merge_patch({'{\"a\": 1}'}, {'{\"a\": null}'})"],
    json_merge_preserve: ["json_merge_preserve({'[1]'}, {'[2]'})"], json_object: ["json_object({'a'}, {1})"], json_overlaps: ["json_overlaps({'[1]'}, {'[1, 2]'})"],
    json_pretty: ["json_pretty({'[1]'})"], json_quote: ["json_quote({'a'})"], json_remove: ["json_remove({'{\"a\": 1}'}, {'$.a'})"],
    json_replace: ["json_replace({'{\"a\": 1}'}, {'$.a'}, {2})"], json_search: ["json_search({'[\"abc\"]'}, {'one'}, {'abc'})"], json_set: ["json_set({'{}'}, {'$.a'}, {2})"],
    json_schema_valid: ["json_schema_valid({'{}'}, {'1'})"], json_schema_validation_report: ["json_schema_validation_report({'{}'}, {'1'})"],
    json_storage_free: ["json_storage_free({'[1]'})"], json_storage_size: ["json_storage_size({'[1]'})"], json_type: ["json_type({'[1]'})"],
    json_unquote: ["json_unquote({'\"a\"'})"], json_valid: ["json_valid({'[1]'})"], member_of: ["{1} member of ('[1, 2]')"],
  },
  'Hashes and ciphers': {
    aes_decrypt: ["aes_decrypt({'abc'}, {'key'})"], aes_encrypt: ["hex(aes_encrypt({'abc'}, {'key'}))"], compress: ["hex(compress({'abc'}))"], md5: ["md5({'a'})"],
    sha: ["sha({'a'})"], sha1: ["sha1({'a'})"], sha2: ["sha2({'a'}, {256})"], statement_digest: ["statement_digest({'select 1'})"],
    statement_digest_text: ["statement_digest_text({'select 1'})"], uncompress: ["uncompress({x'030000004b4c4a06000d0001'})"], uncompressed_length: ["uncompressed_length({'abcdef'})"],
    random_bytes: ['length(random_bytes({4}))'], validate_password_strength: ["validate_password_strength({'a'})"],
  },
  'Addresses and identifiers': {
    bin_to_uuid: ["bin_to_uuid({x'6ccd780cbaba102695645b8c656024db'})"], inet6_aton: ["hex(inet6_aton({'::1'}))"], inet6_ntoa: ["inet6_ntoa({x'00000001'})"],
    inet_aton: ["inet_aton({'1.2.3.4'})"], inet_ntoa: ['inet_ntoa({16909060})'], is_ipv4: ["is_ipv4({'1.2.3.4'})"], is_ipv4_compat: ["is_ipv4_compat({x'00000000000000000000000001020304'})"],
    is_ipv4_mapped: ["is_ipv4_mapped({x'00000000000000000000ffff01020304'})"], is_ipv6: ["is_ipv6({'::1'})"], is_uuid: ["is_uuid({'6ccd780c-baba-1026-9564-5b8c656024db'})"],
    uuid: ['length(uuid())'], uuid_short: ['uuid_short() > 0'], uuid_timestamp: ["uuid_timestamp({'6ccd780c-baba-1026-9564-5b8c656024db'})"],
    uuid_to_bin: ["hex(uuid_to_bin({'6ccd780c-baba-1026-9564-5b8c656024db'}))"], uuid_v4: ['length(uuid_v4())'], uuid_v7: ['length(uuid_v7())'],
    uuid_version: ["uuid_version({'6ccd780c-baba-1026-9564-5b8c656024db'})"], gtid_subset: ["gtid_subset({''}, {''})"], gtid_subtract: ["gtid_subtract({''}, {''})"],
    wait_for_executed_gtid_set: ["wait_for_executed_gtid_set({''})"],
  },
  'The session and the server': {
    mysql_query_attribute_string: ["mysql_query_attribute_string({'trace'})"],
    any_value: ['any_value({1})'], benchmark: ['benchmark(1, {1})'], connection_id: ['connection_id() > 0'], current_role: ['current_role()'],
    current_user: ['current_user()'], database: ['database()'], format_bytes: ['format_bytes({1024})'], format_pico_time: ['format_pico_time({1000})'],
    found_rows: ['found_rows() >= 0'], get_lock: ["get_lock({'l'}, 0)"], icu_version: ['length(icu_version()) > 0'], is_free_lock: ["is_free_lock({'m'})"],
    is_used_lock: ["is_used_lock({'m'})"], last_insert_id: ['last_insert_id()', 'last_insert_id({1})'], load_file: ["load_file({'/'})"], name_const: ["name_const('a', {1})"],
    ps_current_thread_id: ['ps_current_thread_id() > 0'], ps_thread_id: ['ps_thread_id({0})'], release_all_locks: ['release_all_locks()'], release_lock: ["release_lock({'m'})"],
    row_count: ['row_count()'], schema: ['schema()'], session_user: ["session_user() like 'root@%'"], sleep: ['sleep(0)'], sysdate: ["sysdate() > '2024-01-01'"],
    system_user: ["system_user() like 'root@%'"], user: ["user() like 'root@%'"], version: ['length(version()) > 0'],
    tidb_current_tso: ['tidb_current_tso()'], tidb_decode_key: ["tidb_decode_key({'748000000000000001'})"], tidb_encode_sql_digest: ["tidb_encode_sql_digest({'select 1'})"],
    tidb_is_ddl_owner: ['tidb_is_ddl_owner()'], tidb_parse_tso: ['tidb_parse_tso({443852055297916932})'], tidb_parse_tso_logical: ['tidb_parse_tso_logical({443852055297916932})'],
    tidb_shard: ['tidb_shard({1})'], tidb_version: ['length(tidb_version()) > 0'], vitess_hash: ['vitess_hash({1})'],
  },
  Aggregates: {
    count: ['count({1})', 'count(distinct {1})'], sum: ['sum({1})', 'sum(distinct {1})'], avg: ['avg({1})'], min: ['min({1})'], max: ['max({1})'],
    group_concat: ['group_concat({1})', "group_concat(distinct {1} separator {'-'})"], bit_and: ['bit_and({1})'], bit_or: ['bit_or({1})'], bit_xor: ['bit_xor({1})'],
    std: ['std({1})'], stddev: ['stddev({1})'], stddev_pop: ['stddev_pop({1})'], stddev_samp: ['stddev_samp({1})'], variance: ['variance({1})'], var_pop: ['var_pop({1})'],
    var_samp: ['var_samp({1})'], json_arrayagg: ['json_arrayagg({1})'], json_objectagg: ["json_objectagg({'a'}, {1})"], approx_count_distinct: ['approx_count_distinct({1})'],
  },
  Windows: {
    row_number: ['row_number() over (order by {1})'], rank: ['rank() over (order by {1})'], dense_rank: ['dense_rank() over (order by {1})'],
    cume_dist: ['cume_dist() over (order by {1})'], percent_rank: ['percent_rank() over (order by {1})'], ntile: ['ntile(2) over (order by {1})'],
    lead: ['lead({1}, 1, {2}) over (order by 1)'], lag: ['lag({1}, 0) over (order by 1)'], first_value: ['first_value({1}) over (order by 1)'],
    last_value: ['last_value({1}) over (order by 1)'], nth_value: ['nth_value({1}, 1) over (order by 1)'],
  },
}; // prettier-ignore

/** Names of the definitions that no SQL spells: what the binder puts round values. */
export const INTERNAL: ReadonlySet<string> = new Set([
  'collate', 'get_system_variable', 'system_variable', 'get_user_variable', 'set_user_variable', 'to_json', 'json_parse', 'json_member_of', 'rlike', 'json_append',
]); // prettier-ignore

export interface Call {
  readonly family: string;
  readonly name: string;
  /** With literals, or from columns of `t`. */
  readonly form: 'literal' | 'column';
  readonly classes: readonly string[];
  readonly expression: string;
}

const PLACE = /\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}/g;

function* callsOfTemplate(family: string, name: string, template: string): Generator<Call> {
  const defaults = [...template.matchAll(PLACE)].map((match) => match[1]!);
  const write = (values: readonly string[]): string => {
    let at = 0;
    return template.replace(PLACE, () => values[at++]!);
  };
  if (defaults.length === 0) yield { family, name, form: 'literal', classes: [], expression: write([]) };
  for (let at = 0; at < defaults.length; at++) {
    for (const one of CLASSES) {
      const spelt: readonly (readonly [Call['form'], string | undefined])[] = [
        ['literal', one.literal],
        ['column', one.column],
      ];
      for (const [form, text] of spelt) {
        if (text === undefined) continue;
        const values = defaults.map((value, place) => (place === at ? text : value));
        yield { family, name, form, classes: [one.name], expression: write(values) };
      }
    }
  }
}

/** No argument where one is wanted, and one more than is taken. */
function* arityCalls(family: string, name: string, templates: readonly string[]): Generator<Call> {
  const plain = templates.find((template) => new RegExp(`^${name}\\(\\{.*\\}\\)$`).test(template));
  if (plain === undefined) return;
  yield { family, name, form: 'literal', classes: ['too few'], expression: `${name}()` };
  const many = Array.from({ length: 12 }, (_, index) => index + 1).join(', ');
  yield { family, name, form: 'literal', classes: ['too many'], expression: `${name}(${many})` };
}

export function* allCalls(): Generator<Call> {
  for (const [family, names] of Object.entries(FAMILIES)) {
    for (const [name, templates] of Object.entries(names)) {
      for (const template of templates) yield* callsOfTemplate(family, name, template);
      yield* arityCalls(family, name, templates);
    }
  }
}
