import { CIS } from './cis.ts';
import type { Control, ControlRef, Framework, FrameworkId } from './framework.ts';
import { MITRE } from './mitre.ts';
import { NSA } from './nsa.ts';
import { PSS } from './pss.ts';

export const FRAMEWORKS: Readonly<Record<FrameworkId, Framework>> = { pss: PSS, cis: CIS, nsa: NSA, mitre: MITRE };

/** Those with rules to keep, of which a report can be made; the others describe attacks. */
export const REPORTED = ['pss', 'cis', 'nsa'] as const;
export type ReportedId = (typeof REPORTED)[number];

export function controlsOf({ sections }: Framework): readonly Control[] {
  return sections.flatMap(({ controls }) => controls);
}

/** Undefined for an id that its framework does not have. */
export function findControl({ framework, id }: ControlRef): Control | undefined {
  return controlsOf(FRAMEWORKS[framework]).find((control) => control.id === id);
}
