import { SourceFailed } from '#src/model/people.ts';
import type { Repository } from '#src/model/repositories.ts';
import type { SettingsPart } from '#src/model/repository-settings.ts';
import type { Api } from '#src/people/sources/support/api.ts';
import { openHost, type HostOptions } from './host.ts';

/** Asks for the parts of the settings one after the other, and keeps why some were not seen. */
export interface Look {
  /** What is read with the rights that it needs; undefined when the code host does not show it. */
  readonly at: <T>(part: SettingsPart, rights: string, read: (api: Api) => Promise<T>) => Promise<T | undefined>;
  readonly close: (part: SettingsPart, reason: string) => void;
  readonly unseen: Readonly<Partial<Record<SettingsPart, string>>>;
}

export function createLook(repository: Repository, options: HostOptions): Look {
  const unseen: Partial<Record<SettingsPart, string>> = {};
  /** What would meet every further question as well. */
  let trouble: string | undefined;
  return {
    unseen,
    close(part, reason) {
      unseen[part] ??= reason;
    },
    async at(part, rights, read) {
      if (trouble !== undefined) {
        unseen[part] ??= trouble;
        return undefined;
      }
      try {
        return await read(await openHost(repository, rights, options));
      } catch (error) {
        if (!(error instanceof SourceFailed)) throw error;
        unseen[part] ??= error.message;
        if (error.fault === 'busy' || error.fault === 'unreachable' || error.fault === 'refused') trouble = error.message;
        return undefined;
      }
    },
  };
}
