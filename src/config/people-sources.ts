import type { PeopleSourceType } from '#src/model/people.ts';
import { didYouMean } from '#src/model/nearest.ts';
import type { peopleShape } from './access-settings.ts';
import type { ConfigFault } from './faults.ts';
import { faultsIn } from './read-file.ts';
import type { z } from 'zod';

/** A system of the configuration, with its checked settings. */
export interface ConfiguredSource {
  readonly type: PeopleSourceType;
  readonly name: string;
  readonly settings: unknown;
}

type Entry = NonNullable<z.output<typeof peopleShape>['sources']>[number];

/** The entries under `people.sources`, each checked by the source that it names; a source without a name is called after its type. */
export function configuredSources(entries: readonly Entry[], sources: readonly PeopleSourceType[], file: string, faults: ConfigFault[]): readonly ConfiguredSource[] {
  const names = entries.map(({ type, name }) => name ?? type);
  return entries.flatMap(({ type: typeName, name: _, ...given }, index): readonly ConfiguredSource[] => {
    const key = `${file}: people.sources[${index}]`;
    const type = sources.find(({ name }) => name === typeName);
    if (type === undefined) {
      const known = sources.map(({ name }) => name);
      faults.push({ name: `${key}.type`, problem: `is no source of people; there are ${known.join(', ')}.${didYouMean(typeName, known)}` });
      return [];
    }
    const name = names[index] ?? typeName;
    if (names.indexOf(name) < index) faults.push({ name: `${key}.name`, problem: 'is used twice' });
    const checked = type.settings.safeParse(given);
    if (checked.success) return [{ type, name, settings: checked.data }];
    faults.push(...faultsIn(checked.error, file, type.settings, ['people', 'sources', index]));
    return [];
  });
}
