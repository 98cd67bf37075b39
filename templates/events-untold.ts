import { bullets, line, message, richText, words } from '#src/blocks/build.ts';
import { brief, counted, oneLine } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';

const LINES = 20;

export interface EventsUntold {
  readonly cluster: string;
  /** Of actors and objects, the most frequent detection first. */
  readonly detections: readonly { readonly title: string; readonly count: number }[];
}

/** Stands for messages that would have been too many. */
export const template = defineTemplate<EventsUntold>({
  name: 'events-untold',
  summary: 'Counts, once a day and cluster, what happened too often to be told one by one.',
  samples: {
    flood: { cluster: 'prod-eu', detections: [{ title: 'A command was run in a pod', count: 312 }, { title: 'A Secret was read in bulk', count: 4 }] },
    one: { cluster: 'prod-eu', detections: [{ title: 'A command was run in a pod', count: 1 }] },
  },
  render: ({ cluster, detections }) => {
    const sum = detections.reduce((all, { count }) => all + count, 0);
    const shown = detections.slice(0, LINES);
    const rest = detections.length - shown.length;
    return message(`${counted(sum, 'more thing')} happened in ${oneLine(cluster)} than can be told one by one.`, [
      richText(
        line(words(`So much happens in ${oneLine(cluster)} that not all of it is told one by one`, { bold: true })),
        bullets([...shown.map(({ title, count }) => line(words(`${brief(title)}: ${counted(count, 'more actor or object', 'more actors and objects')}`))), ...(rest > 0 ? [line(words(`and ${counted(rest, 'more kind')}`))] : [])]),
        line(words('Repeats of what was told are counted in its message. The audit log of the cluster has everything.')),
      ),
    ]);
  },
});
