import type { KnownBlock } from '@slack/types';
import { context, header, message, section } from '#src/blocks/build.ts';
import { code, counted, md, oneLine, ours, sentence } from '#src/blocks/text.ts';
import { momentText, whoseText } from '#src/model/connection-words.ts';
import type { AllowEntry } from '#src/model/connection.ts';
import { defineTemplate } from '#src/model/outbox.ts';

const SHOWN = 25;

export interface AllowlistMessage {
  /** Those that people made first, then those of the configuration. */
  readonly entries: readonly AllowEntry[];
  /** Whether the connections of any cluster are watched. */
  readonly isWatched: boolean;
}

/** What may be connected to without being asked about. */
export const template = defineTemplate<AllowlistMessage>({
  name: 'allowlist',
  summary: 'The allowlist of external connections: what, whose, by whom, why and until when.',
  samples: {
    some: {
      isWatched: true,
      entries: [
        { id: 'r7k2m9', cluster: 'prod-eu', namespace: 'shop', direction: 'egress', remote: 'api.stripe.com', port: 443, owner: 'Ann', reason: 'payment provider', since: '2026-11-24T09:14:00.000Z', until: '2026-12-24T09:14:00.000Z' },
        { id: 'r8k3n4', cluster: 'prod-eu', labels: { app: 'web', tier: 'front' }, direction: 'egress', remote: '*.sentry.io', owner: 'Bo', reason: 'errors of the front end', since: '2026-11-24T09:14:00.000Z' },
        { id: 'config-1', cluster: 'prod-eu', direction: 'ingress', remote: 'office', owner: 'platform', reason: 'our own network' },
      ],
    },
    empty: { isWatched: true, entries: [] },
    'not watched': { isWatched: false, entries: [] },
  },
  render: ({ entries, isWatched }) => {
    if (!isWatched) return message('The connections of no cluster are watched.', [section(md`The connections of no cluster are watched. Name clusters under ${code('connections')} in the configuration file.`)]);
    const title = `${counted(entries.length, 'entry', 'entries')} on the allowlist`;
    const blocks: KnownBlock[] = [header(title), ...entries.slice(0, SHOWN).map(entrySection)];
    if (entries.length > SHOWN) blocks.push(context(md`and ${entries.length - SHOWN} more`));
    if (entries.length === 0) blocks.push(context(ours('Each first connection with the outside is asked about.')));
    return message(`${title}.`, [...blocks, context(md`One more: ${code('/k8ssec allow <remote> -n NAMESPACE --reason "…"')} · end one: ${code('/k8ssec allow end <id>')}`)]);
  },
});

function entrySection(entry: AllowEntry) {
  const { id, cluster, direction, remote, port, owner, reason, since, until } = entry;
  const place = `${remote}${port === undefined ? '' : `:${port}`}`;
  const time = [...(since === undefined ? ['from the configuration'] : [`since ${momentText(since)}`]), ...(until === undefined ? [] : [`until ${momentText(until)}`])].join(', ');
  return section(md`${code(place)} ${ours(direction === 'egress' ? 'for' : 'into')} *${sentence(oneLine(whoseText(entry)))}* in ${sentence(oneLine(cluster ?? 'every cluster'))}: ${sentence(oneLine(reason))}\n${sentence(oneLine(owner))}, ${ours(time)} · ${code(id)}`);
}
