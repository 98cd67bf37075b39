import { defineCommand, UsageError } from '#src/model/command.ts';
import { didYouMean } from '#src/model/nearest.ts';
import { template as check, checkMessage } from '#templates/check.ts';
import { template as finding } from '#templates/finding.ts';
import { namedCluster, permittedClusters } from './support/clusters.ts';

/** A finding's id is the start of its fingerprint. */
const FINDING_ID = /^[0-9a-f]{4,20}$/;

/** Explains a check by its id, or a finding by the start of its fingerprint. The Details buttons call it. */
export const command = defineCommand({
  name: 'explain',
  usage: 'explain <check or finding> [--cluster NAME]',
  summary: 'Explain a check, or one finding and how to fix it.',
  examples: ['explain workload/privileged', 'explain 3f9c01ab'],
  access: 'viewer',
  maxWords: 1,
  opensModal: true,
  flags: { cluster: { type: 'string', value: 'NAME', text: 'The cluster of the finding, where several have it.' } },
  async run({ words: [id], options }, caller, services) {
    if (id === undefined) throw new UsageError('What shall be explained? Give the id of a check or of a finding.');
    const known = services.checks.find((candidate) => candidate.id === id || (candidate.aliases?.includes(id) ?? false));
    if (known !== undefined) return { message: check.render(checkMessage(known), services), title: 'Check' };
    if (!FINDING_ID.test(id)) {
      throw new UsageError(`There is no check or finding "${id}".${didYouMean(id, services.checks.map((candidate) => candidate.id))}`);
    }
    const permitted = await permittedClusters('viewer', caller, services);
    const targets = options.cluster === undefined ? permitted : [namedCluster(options.cluster, permitted)];
    const states = await Promise.all(targets.map(async ({ name }) => ({ cluster: name, findings: (await services.scans.state(name))?.findings ?? [] })));
    const matches = states.flatMap(({ cluster, findings }) => findings.filter(({ fingerprint }) => fingerprint.startsWith(id)).map((match) => ({ cluster, finding: match })));
    const [match, ...others] = matches;
    if (match === undefined) throw new UsageError(`There is no finding "${id}" any more in ${targets.map(({ name }) => name).join(', ')}.`);
    if (others.length > 0) throw new UsageError(`"${id}" is the start of ${matches.length} findings. Give more of it${new Set(matches.map(({ cluster }) => cluster)).size > 1 ? ', or --cluster' : ''}.`);
    const about = services.checks.find((candidate) => candidate.id === match.finding.check);
    return { message: finding.render({ ...match, check: about && checkMessage(about) }, services), title: 'Finding' };
  },
});
