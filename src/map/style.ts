import type { ObservedStanding } from '#src/model/network-map.ts';
import type { DrawnEdge, DrawnNode } from './summarize.ts';

/** The one family that is drawn with; its files are beside this module. Graphviz measures Arial, so what it sizes is drawn a little smaller to be as wide. */
export const FONT = { family: 'DejaVu Sans Condensed', measured: 'Arial', scale: 0.92, title: 16, text: 13 } as const;

export const COLORS = { ink: '#101828', gray: '#667085', faint: '#d0d5dd', ground: '#f8f9fb', paper: '#ffffff', danger: '#b42318', dangerLight: '#fee4e2', onward: '#b54708', guarded: '#eaf2fd', guardedLine: '#1d4f91', approved: '#067647', pending: '#6941c6' } as const;

/** How something is drawn; it is told apart by more than its color. */
export interface Stroke {
  readonly color: string;
  readonly width: number;
  readonly dash?: 'dashed' | 'dotted';
}

/** The lengths in which Graphviz draws. */
export const DASHES: Readonly<Record<'dashed' | 'dotted', string>> = { dashed: '5,2', dotted: '1,5' };

const GONE: Stroke = { color: COLORS.gray, width: 1.5, dash: 'dotted' };

const WAYS: Readonly<Record<DrawnEdge['way'], Stroke>> = {
  in: { color: COLORS.danger, width: 2.6 },
  closed: { color: COLORS.gray, width: 1.4, dash: 'dashed' },
  onward: { color: COLORS.onward, width: 1.8 },
  inside: { color: COLORS.gray, width: 1.2 },
};

export function edgeStroke({ way, mark }: Pick<DrawnEdge, 'way' | 'mark'>): Stroke {
  return mark === 'gone' ? GONE : WAYS[way];
}

/** All dashed: what was observed, beside what is possible. */
const OBSERVED: Readonly<Record<ObservedStanding, Stroke>> = {
  denied: { color: COLORS.danger, width: 2.6, dash: 'dashed' },
  pending: { color: COLORS.pending, width: 2.2, dash: 'dashed' },
  unanswered: { color: COLORS.pending, width: 1.4, dash: 'dashed' },
  learned: { color: COLORS.guardedLine, width: 1.4, dash: 'dashed' },
  approved: { color: COLORS.approved, width: 1.4, dash: 'dashed' },
};

export function observedStroke(standing: ObservedStanding): Stroke {
  return OBSERVED[standing];
}

export function nodeStroke({ isExposed, isOpen, mark }: Pick<DrawnNode, 'isExposed' | 'isOpen' | 'mark'>): Stroke {
  if (mark === 'gone') return GONE;
  return { color: isExposed ? COLORS.danger : isOpen ? COLORS.gray : COLORS.guardedLine, width: isExposed ? 2.2 : 1.4, ...(isOpen && { dash: 'dashed' as const }) };
}

export function nodeFill({ isExposed, isOpen, mark }: Pick<DrawnNode, 'isExposed' | 'isOpen' | 'mark'>): string {
  if (mark === 'gone') return COLORS.paper;
  return isExposed ? COLORS.dangerLight : isOpen ? COLORS.paper : COLORS.guarded;
}

/** Names of objects may hold anything: what the font has no sign for, or XML no place, is shown as such. */
export function xmlText(text: string): string {
  return text.replace(/[^\u0020-\u007e\u00a0-\u017f\u2013\u2014\u2018-\u201d\u2022\u2026\u2190-\u2193]/gu, '\ufffd').replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
