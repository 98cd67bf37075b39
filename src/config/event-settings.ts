import { z } from 'zod';
import type { EventSettings } from '#src/model/event-intake.ts';
import { SEVERITIES } from '#src/model/finding.ts';
import type { ConfigFault } from './faults.ts';
import { isChannel } from './values.ts';

const sender = z.strictObject({
  token: z.union([z.strictObject({ env: z.string().regex(/^[A-Za-z_]\w*$/) }), z.strictObject({ file: z.string().min(1) })], { error: 'is neither { env: NAME } nor { file: PATH }' }),
});

/** What clusters send, as the configuration file has it under `events`. */
export const eventsShape = z.array(
  z.strictObject({
    cluster: z.string().min(1),
    audit: sender.optional(),
    falco: sender.optional(),
    channel: z.string().refine(isChannel, { error: 'is no Slack channel id such as C0123456789' }).optional(),
    minSeverity: z.enum(SEVERITIES).default('high'),
  }),
);

type Given = z.output<typeof eventsShape>;

export function eventSettings(given: Given = []): readonly EventSettings[] {
  return given.map(({ cluster, audit, falco, channel, minSeverity }) => ({
    cluster,
    tokens: { ...(audit && { audit: audit.token }), ...(falco && { falco: falco.token }) },
    channel,
    minSeverity,
  }));
}

/** An entry that nothing can come of. */
export function eventFaults(given: Given = []): readonly ConfigFault[] {
  const clusters = given.map(({ cluster }) => cluster);
  return given.flatMap(({ cluster, audit, falco }, index) => [
    ...(clusters.indexOf(cluster) < index ? [{ name: `events[${index}].cluster`, problem: 'is used twice; one entry may have both audit and falco' }] : []),
    ...(audit === undefined && falco === undefined ? [{ name: `events[${index}]`, problem: 'has neither audit nor falco, so nothing can come in' }] : []),
  ]);
}

/** Alarms of a cluster that could be told nowhere. */
export function channelFaults(given: Given = [], channelOf: (cluster: string) => string | undefined): readonly ConfigFault[] {
  return given.flatMap(({ cluster, channel }, index) =>
    (channel ?? channelOf(cluster)) === undefined ? [{ name: `events[${index}].channel`, problem: `is missing, and neither the cluster ${cluster} nor the whole configuration has a channel` }] : [],
  );
}
