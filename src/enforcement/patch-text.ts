import { stringify } from 'yaml';
import { kubectlPatch } from '#src/actions/text-lists.ts';
import type { OpenCluster } from '#src/model/clusters.ts';
import type { Change, CreateObject, ReplaceObject } from '#src/model/plan.ts';
import { objectAt, textAt, type RawObject } from '#src/model/raw.ts';
import type { Mechanism } from './own-policy.ts';

/** As much as a message shows. */
const LONGEST = 2000;

/**
 * What somebody would have to apply to have the same, as YAML, or to type. It bears no mark of the bot, which looks after what it has made
 * itself alone.
 */
export function patchText(changes: readonly Change[], staged?: string): string {
  const bodies = changes.flatMap((change) => {
    if (change.type === 'set-texts') return [`${kubectlPatch(change.address, change.path, change.value)}\n`];
    return change.type === 'create' || change.type === 'replace' ? [yamlOf(unmarked(change.body))] : [];
  });
  const text = [...bodies, ...(staged === undefined ? [] : [staged])].join('---\n').trimEnd();
  if (text.length <= LONGEST) return text;
  const shown = text.slice(0, text.lastIndexOf('\n', LONGEST));
  return `${shown}\n# … ${text.slice(shown.length + 1).split('\n').length} more lines`;
}

/** The same for a policy, with a preview where Calico serves one. */
export async function offeredText(change: CreateObject | ReplaceObject, mechanism: Mechanism, open: OpenCluster, signal: AbortSignal): Promise<string> {
  const isStageable = mechanism === 'calico' && (await open.serves(STAGED, signal));
  return patchText([change], isStageable ? stagedText(change) : undefined);
}

/** A policy of Calico in the kind that denies nothing and tells what it would deny. */
const STAGED = { apiVersion: 'projectcalico.org/v3', kind: 'StagedNetworkPolicy', resource: 'stagednetworkpolicies' } as const;

/** The same as a preview, which Calico has since 3.30. */
function stagedText({ body }: CreateObject | ReplaceObject): string {
  const staged = { ...unmarked(body), kind: STAGED.kind, spec: { stagedAction: 'Set', ...objectAt(body, 'spec') } };
  return `# Or see first what it would deny: this denies nothing. Its verdict stands under policies.pending of flow logs, as in Whisker.\n${yamlOf(staged)}`;
}

function yamlOf(object: RawObject): string {
  return stringify(object, { lineWidth: 0 });
}

function unmarked({ apiVersion, kind, metadata, ...content }: RawObject): RawObject {
  return { apiVersion, kind, metadata: { name: textAt(metadata, 'name'), namespace: textAt(metadata, 'namespace') }, ...content };
}
