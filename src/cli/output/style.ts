import { styleText } from 'node:util';
import type { Severity } from '#src/model/finding.ts';
import type { Sink, World } from '../world.ts';

type Colour = Parameters<typeof styleText>[0];

export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly severity: (severity: Severity, text: string) => string;
}

const COLOURS: Readonly<Record<Severity, Colour>> = {
  critical: ['bold', 'red'],
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
  info: 'dim',
};

/** Colours on a terminal only, unless the environment asks for them or forbids them. */
export function createStyle(sink: Sink, env: World['env']): Style {
  const coloured = isColoured(sink, env);
  const paint = (colour: Colour, text: string) => (coloured ? styleText(colour, text, { validateStream: false }) : text);
  return {
    bold: (text) => paint('bold', text),
    dim: (text) => paint('dim', text),
    severity: (severity, text) => paint(COLOURS[severity], text),
  };
}

/** As Node itself has it: `FORCE_COLOR` wins over `NO_COLOR`, and both over what the terminal says. */
function isColoured(sink: Sink, env: World['env']): boolean {
  if (env.FORCE_COLOR !== undefined) return !['0', 'false'].includes(env.FORCE_COLOR);
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return sink.isTTY === true && env.TERM !== 'dumb';
}
