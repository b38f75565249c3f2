/**
 * Optimizer hints (`SELECT /*+ … * /`). Honoured: index hints, STRAIGHT_JOIN / JOIN_FIXED_ORDER (see query.ts), MAX_EXECUTION_TIME, SET_VAR. A hint
 * that is not known is a warning, never an error: hints advise.
 */
import type { HintNode } from '../../parser/ast.ts';
import type { IndexHints } from '../logical.ts';
import type { Binder } from './binder.ts';

interface Draft {
  use: string[] | undefined;
  force: boolean;
  ignore: string[];
}

export function readHints(hints: readonly HintNode[], binder: Binder): ReadonlyMap<string, IndexHints> {
  const byTable = new Map<string, Draft>();
  for (const hint of hints) {
    switch (hint.name) {
      case 'INDEX':
      case 'USE_INDEX':
      case 'FORCE_INDEX':
      case 'IGNORE_INDEX':
      case 'NO_INDEX': {
        // prettier-ignore
        const [table, ...indexes] = hint.text.split(/[\s,]+/).filter((word) => word !== '').map((word) => word.replaceAll('`', '').toLowerCase());
        if (table === undefined) break;
        const draft = byTable.get(table) ?? { use: undefined, force: false, ignore: [] };
        byTable.set(table, draft);
        if (hint.name === 'IGNORE_INDEX' || hint.name === 'NO_INDEX') draft.ignore.push(...indexes);
        else {
          (draft.use ??= []).push(...indexes);
          draft.force ||= hint.name === 'FORCE_INDEX' || hint.name === 'INDEX';
        }
        break;
      }
      case 'MAX_EXECUTION_TIME': {
        const ms = Number(hint.text.trim());
        if (Number.isSafeInteger(ms) && ms >= 0) binder.maxExecutionTimeMs = ms;
        else warn(hint, binder);
        break;
      }
      case 'SET_VAR': {
        const parts = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(hint.text);
        if (parts === null) warn(hint, binder);
        else binder.setVariables.set(parts[1]!.toLowerCase(), parts[2]!.replace(/^'(.*)'$/, '$1'));
        break;
      }
      case 'STRAIGHT_JOIN':
      case 'JOIN_FIXED_ORDER': // prettier-ignore
        break;
      default:
        warn(hint, binder);
    }
  }
  return byTable;
}

function warn(hint: HintNode, binder: Binder): void {
  binder.env.evalContext.warn('Warning', 1064, `Optimizer hint ${hint.name} is not supported and was ignored`);
}
