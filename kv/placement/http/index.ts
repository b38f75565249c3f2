/**
 * Placement for tools and people: PD's HTTP API as pure handlers. `api.ts` says who answers what, `request.ts` what they are asked with; `members.ts`,
 * `stores.ts`, `regions.ts`, `schedulers.ts`, `operators.ts`, `hotspot.ts`, `config.ts` and `rule-door.ts` answer. `shapes.ts` and
 * `settings.ts` know the names, `operator-requests.ts` makes plans of what people ask for.
 */
export { handleApi } from './api.ts';
export { priorityOf } from './members.ts';
export { answerText, type ApiAnswer, type ApiContext, type ApiMember } from './request.ts';
export { applySettings } from './settings.ts';
