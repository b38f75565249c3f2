/**
 * Placement for tools and people: PD's HTTP API as pure handlers. `api.ts` answers, `shapes.ts` and `settings.ts` know the names, `operator-requests.ts`
 * runs what people ask for.
 */
export { type ApiAnswer, type ApiContext, type ApiMember, applySettings, handleApi } from './api.ts';
