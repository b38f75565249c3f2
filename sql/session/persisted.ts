/** What SET PERSIST kept, as global values of a server that starts. A value that is none any more is reported and left out. */
import { persistedVariables } from '../catalog/persisted-variables.ts';
import type { SqlInstance } from './instance.ts';
import { checkValue, variableDefinition } from './variables.ts';

export async function loadPersistedVariables(instance: SqlInstance): Promise<void> {
  for (const { name, value } of await persistedVariables(instance.kv)) {
    const definition = variableDefinition(name);
    if (definition === undefined || definition.readOnly || definition.scope === 'session') continue;
    try {
      instance.setGlobal(
        definition.name,
        checkValue(definition, value, () => undefined),
      );
    } catch (error) {
      instance.noteInternalError(error, `the persisted value of ${name}`);
    }
  }
}
