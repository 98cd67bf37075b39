import type { ConnectionCertificates } from '#src/model/connection-certificates.ts';
import { knownKind, type Kind } from '#src/model/kinds.ts';
import { textAt, type RawObject } from '#src/model/raw.ts';
import { NotListed, type ObjectSource } from '#src/model/source.ts';
import { NEWEST_KNOWN, type KubernetesVersion } from '#src/model/version.ts';

/** A source over objects in memory; `unlisted` kinds fail with their reason; `complete` stands for a live cluster. */
export function sourceOf(
  objects: readonly RawObject[],
  options: { readonly version?: KubernetesVersion; readonly unlisted?: Readonly<Record<string, string>>; readonly pageSize?: number; readonly complete?: true; readonly connection?: ConnectionCertificates } = {},
): ObjectSource {
  const { version = NEWEST_KNOWN, unlisted = {}, pageSize = 500, complete, connection } = options;
  return {
    version,
    ...(complete && { complete }),
    ...(connection && { connection }),
    async *list(kind: Kind) {
      const reason = unlisted[kind];
      if (reason !== undefined) throw new NotListed(reason);
      const mine = objects.filter((object) => knownKind(textAt(object, 'apiVersion') ?? '', textAt(object, 'kind') ?? '') === kind);
      for (let start = 0; start < mine.length; start += pageSize) {
        yield mine.slice(start, start + pageSize).map((object) => ({ object }));
        await Promise.resolve();
      }
    },
  };
}
