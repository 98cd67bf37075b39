import { stringify } from 'yaml';
import { kubectlPatch } from '#src/actions/text-lists.ts';
import type { Change } from '#src/model/plan.ts';
import { textAt, type RawObject } from '#src/model/raw.ts';

/** As much as a message shows. */
const LONGEST = 2000;

/**
 * What somebody would have to apply to have the same, as YAML, or to type. It bears no mark of the bot, which looks after what it has made
 * itself alone.
 */
export function patchText(changes: readonly Change[]): string {
  const bodies = changes.flatMap((change) => {
    if (change.type === 'set-texts') return [`${kubectlPatch(change.address, change.path, change.value)}\n`];
    return change.type === 'create' || change.type === 'replace' ? [stringify(unmarked(change.body), { lineWidth: 0 })] : [];
  });
  const text = bodies.join('---\n').trimEnd();
  if (text.length <= LONGEST) return text;
  const shown = text.slice(0, text.lastIndexOf('\n', LONGEST));
  return `${shown}\n# … ${text.slice(shown.length + 1).split('\n').length} more lines`;
}

function unmarked({ apiVersion, kind, metadata, ...content }: RawObject): RawObject {
  return { apiVersion, kind, metadata: { name: textAt(metadata, 'name'), namespace: textAt(metadata, 'namespace') }, ...content };
}
