import { accountSettings } from '#src/facts/account-settings.ts';
import { nodeRanges, type NodeRangeTable } from '#src/facts/node-ranges.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { ciAccountOf } from '#src/model/ci-account.ts';
import { NO_AUDIT_LOG, type AccountTool } from '#src/model/known-uses.ts';
import { cis, kubernetes } from '#src/model/references.ts';
import { classOf, intersect, parseRange } from '#src/network/addresses.ts';

/** Shown of each account. */
const SHOWN = 3;

/**
 * Reports each ServiceAccount whose token a tool for people used from outside of the cluster's ranges.
 *
 * A hint, because the tool is what the client says of itself. Tokens that were made for a pod do not count, nor do accounts of pipelines.
 * Where the nodes do not tell the ranges of their pods, or a pod has an address in none of them, an address of a private network is undecided.
 */
export const check = defineClusterCheck({
  id: 'access/human-uses-service-account',
  title: 'People do not work with tokens of ServiceAccounts',
  severity: 'medium',
  tips: [2],
  why: 'Nobody can tell who it was, and a token that somebody keeps on a laptop works on when they leave.',
  fix: 'Let people sign in through the identity provider and take back the token. Name the account in checks.ciAccounts where a pipeline outside of the cluster uses it.',
  sources: [cis('3.1.2'), kubernetes('Service Accounts', 'concepts/security/service-accounts/')],
  needs: { accountSettings, nodeRanges },
  notEvaluated: ({ uses }) => (uses === undefined ? NO_AUDIT_LOG : undefined),
  *judge({ accountSettings, nodeRanges }, { uses, settings }) {
    if (uses === undefined) return;
    for (const [key, tools] of Map.groupBy(uses.tools, ({ namespace, name }) => `${namespace}/${name}`)) {
      const account = accountSettings.get(key);
      if (account === undefined || ciAccountOf(account, settings) !== undefined) continue;
      const outside = tools.filter((tool) => placeOf(tool, nodeRanges) === 'outside');
      if (outside.length > 0) {
        const names = [...new Set(outside.map(({ tool }) => tool))].sort();
        yield { subject: account.subject, message: `Somebody used its token with ${listed(names)} from outside of the cluster's ranges`, evidence: evidenceOf(outside) };
      } else if (tools.some((tool) => placeOf(tool, nodeRanges) === 'unknown')) {
        yield { subject: account.subject, undecided: 'it is not known whether an address is one of the cluster' };
      }
    }
    if (uses.watchGap !== undefined) yield { notEvaluated: uses.watchGap };
  },
});

/** Where a request came from. The network of an address on the internet is the cluster's when a node is in it. */
function placeOf({ from }: AccountTool, { addresses, arePodsKnown }: NodeRangeTable): 'outside' | 'cluster' | 'unknown' {
  const range = parseRange(from);
  if (range === undefined) return 'unknown';
  if (intersect(addresses, range).length > 0) return 'cluster';
  const kind = classOf(from.replace(/\/\d+$/, ''));
  if (kind === 'public') return 'outside';
  if (kind !== 'private') return 'cluster';
  return arePodsKnown ? 'outside' : 'unknown';
}

function evidenceOf(tools: readonly AccountTool[]): string {
  const latest = tools.toSorted((a, b) => (a.day === b.day ? (a.from < b.from ? -1 : 1) : a.day < b.day ? 1 : -1));
  const more = latest.length - SHOWN;
  return `${latest.slice(0, SHOWN).map(({ tool, from, day }) => `${tool} from ${from} on ${day}`).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
