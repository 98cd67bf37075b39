import type { NeedQuestion, Needs } from '#src/model/needs.ts';

export interface FakeNeeds extends Needs {
  /** What was asked of it, by the id of the question or, for new ones, the person. */
  readonly calls: readonly (readonly unknown[])[];
}

/** Holds questions that never change and remembers what is asked of it. */
export function createFakeNeeds(questions: readonly NeedQuestion[] = []): FakeNeeds {
  const calls: (readonly unknown[])[] = [];
  const idOf = ({ person, cluster }: Pick<NeedQuestion, 'person' | 'cluster'>) => questions.find((question) => question.person === person && question.cluster === cluster)?.id;
  return {
    calls,
    all: () => Promise.resolve(questions),
    get: (id) => Promise.resolve(questions.find((question) => question.id === id)),
    ask: (need) => Promise.resolve(idOf(need) === undefined).then((isNew) => {
      if (isNew) calls.push(['ask', need]);
      return isNew;
    }),
    answer: () => Promise.reject(new Error('nothing can be answered here')),
    close: (question, why) => Promise.resolve(void calls.push(['close', idOf(question), why])),
    filed: (question, request) => Promise.resolve(void calls.push(['filed', idOf(question), request])),
    hindered: (question, why) => Promise.resolve(void calls.push(['hindered', idOf(question), why])),
    tend: () => Promise.resolve(),
  };
}
