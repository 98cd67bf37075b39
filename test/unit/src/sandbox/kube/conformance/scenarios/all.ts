import type { Scenario } from '../scenario.ts';
import { ACCESS } from './access.ts';
import { APPLIES } from './applies.ts';
import { ERRORS } from './errors.ts';
import { KINDS } from './kinds.ts';
import { READS } from './reads.ts';
import { WRITES } from './writes.ts';

export const SCENARIOS: readonly Scenario[] = [...KINDS, ...READS, ...WRITES, ...APPLIES, ...ACCESS, ...ERRORS];
