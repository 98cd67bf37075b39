import { readFileSync } from 'node:fs';
import type { PlainAnswer } from './scenario.ts';

/** Where the answers of a real API server of this version are kept. */
export const ANSWERS_FILE = new URL('answers.json', import.meta.url);
export const RECORDED_VERSION = 'v1.37.2';

export type Answers = Readonly<Record<string, Readonly<Record<string, PlainAnswer>>>>;

/** What a real API server answered, by scenario and step. Written by `test/cluster/record-kube-answers.ts`. */
export function recordedAnswers(): Answers {
  return JSON.parse(readFileSync(ANSWERS_FILE, 'utf8')) as Answers;
}
