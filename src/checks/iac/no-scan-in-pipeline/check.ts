import { pipelines, type PipelineFacts } from '#src/facts/pipelines.ts';
import { repositorySettings, type RepositoryFacts } from '#src/facts/repository-settings.ts';
import { defineClusterCheck, type ClusterProblem, type NotEvaluated, type Subject, type Undecided } from '#src/model/check.ts';
import type { Step } from '#src/model/raw.ts';
import { github, gitlab, unseen } from '../repositories.ts';

/** Reports a repository of infrastructure whose pipelines run no scanner on changes before they are merged. */
export const check = defineClusterCheck({
  id: 'iac/no-scan-in-pipeline',
  title: 'Pipelines scan changes of infrastructure before they are merged',
  severity: 'low',
  tips: [4],
  why: 'A mistake that a scanner would have named in the pull request is found only when it runs, in every system that it was rolled out to.',
  fix: 'Add a scan to the pipeline of pull requests, such as `k8ssec scan .`; a scanner that a script or an app of the code host calls is not recognised.',
  sources: [
    github('events that trigger workflows', 'actions/reference/workflows-and-actions/events-that-trigger-workflows'),
    gitlab('merge request pipelines', 'ci/pipelines/merge_request_pipelines/'),
  ],
  needs: { pipelines, repositorySettings },
  *judge({ pipelines, repositorySettings }) {
    const [first] = pipelines;
    // Without the settings of a repository the files are taken for one.
    if (repositorySettings.length === 0) yield* first === undefined ? [{ notEvaluated: 'no file of a pipeline was read' }] : judgePipelines(pipelines, first.subject);
    else if (repositorySettings.length > 1) yield { notEvaluated: 'it is not known which of several repositories the pipelines belong to' };
    else for (const repository of repositorySettings) yield* ofRepository(repository, pipelines);
  },
});

function ofRepository({ subject, settings }: RepositoryFacts, all: readonly PipelineFacts[]): Iterable<ClusterProblem | NotEvaluated | Undecided> {
  const own = all.filter(({ host }) => host === settings.host);
  if (settings.pipelines === undefined && own.length === 0) return [unseen(settings, 'pipelines')];
  const missing = settings.pipelines?.find((name) => !own.some((pipeline) => pipeline.name === name));
  if (own.some(({ scanners }) => scanners.length > 0) || missing === undefined) return judgePipelines(own, subject, ['pipelines']);
  return [{ notEvaluated: `${missing} was not read` }];
}

function judgePipelines(all: readonly PipelineFacts[], subject: Subject, path: readonly Step[] = []): Iterable<ClusterProblem | Undecided> {
  const running = runningOnChanges(all);
  if (running.some(({ scanners }) => scanners.length > 0)) return [];
  const [elsewhere] = running.flatMap((pipeline) => pipeline.elsewhere);
  if (elsewhere !== undefined) return [{ undecided: `a pipeline calls ${elsewhere}, which was not read` }];
  return [{ subject, path, message: running.length === 0 ? 'No pipeline runs on changes before they are merged' : 'No pipeline scans changes before they are merged' }];
}

/** Pipelines that changes run, and those that these call. */
function runningOnChanges(all: readonly PipelineFacts[]): readonly PipelineFacts[] {
  const running = new Set(all.filter(({ onChanges }) => onChanges));
  // A set is gone through to its end while it grows.
  for (const { calls } of running) for (const called of all) if (called.isCalled && calls.includes(called.name)) running.add(called);
  return [...running];
}
