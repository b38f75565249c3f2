/** What is being changed, and what people want changed: `/operators`. `operator-requests.ts` makes plans of wishes. */
import { runOperator } from './operator-requests.ts';
import { type ApiAnswer, missing, ok, refused, type Request } from './request.ts';
import { operatorText } from './shapes.ts';

/** The kinds that people may ask for: what makes up for lost replicas moves regions, too. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  admin: ['admin'], leader: ['leader'], region: ['region', 'replica'], replica: ['replica'], hot: ['hot'], merge: ['merge'], split: ['split'],
  // An operator runs from the moment it is made.
  waiting: [],
}; // prettier-ignore

export function operators({ context, method, words, query, json }: Request): ApiAnswer {
  const { schedule, epochMs } = context;
  const { operators: all } = schedule;
  if (method === 'POST' && words.length === 1) {
    const problem = runOperator(schedule, json);
    return problem ? refused(problem) : ok('The operator is created.');
  }
  if (method === 'DELETE' && words.length === 2)
    return all.cancel(Number(words[1])) ? ok('The pending operator is canceled.') : missing('operator not found');
  if (method !== 'GET' || words.length > 2) return missing();
  if (words.length === 1) {
    const kinds = query.getAll('kind');
    const wrong = kinds.find((kind) => !Object.hasOwn(KINDS, kind));
    if (wrong !== undefined) return refused(`unknown kind ${wrong}: there are ${Object.keys(KINDS).join(', ')}`);
    const wanted = kinds.flatMap((kind) => KINDS[kind]!);
    return ok(all.running().filter(({ kind }) => kinds.length === 0 || wanted.includes(kind)).map(operatorText)); // prettier-ignore
  }
  if (words[1] === 'records') {
    const from = Number(query.get('from') ?? 0);
    if (!Number.isFinite(from)) return refused('from must be seconds since 1970');
    return ok(all.past().filter(({ endedAtS }) => epochMs / 1000 + endedAtS >= from).map(operatorText)); // prettier-ignore
  }
  const id = Number(words[1]);
  const operator = all.of(id) ?? all.past().findLast((one) => one.regionId === id);
  return operator
    ? ok(`status: ${operator.status.toUpperCase()}, operator: ${operatorText(operator)}`)
    : missing('operator not found');
}
