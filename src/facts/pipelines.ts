import { defineFacts, type Subject } from '#src/model/check.ts';
import { pipelineOf, type Pipeline } from '#src/model/pipeline.ts';

export interface PipelineFacts extends Pipeline {
  readonly subject: Subject;
}

/** The pipelines of a repository, as its files define them. */
export const pipelines = defineFacts({
  name: 'pipelines',
  reads: ['Pipeline'],
  keeps: 'of each file of pipelines the code host, whether changes run it before they are merged, the scanners in it, and what it calls',
  start: (): PipelineFacts[] => [],
  add(state, object, subject) {
    state.push({ subject, ...pipelineOf(object) });
  },
});
