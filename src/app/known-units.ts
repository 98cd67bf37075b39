import { kinds } from '#src/approvals/kinds/index.gen.ts';
import type { LoadInput } from '#src/config/load.ts';
import { sources } from '#src/people/sources/index.gen.ts';

/** What a configuration may name. */
export const KNOWN_UNITS: Pick<LoadInput, 'kinds' | 'sources'> = { kinds: kinds.map(({ name }) => name), sources };
