import type { OutgoingContent } from '#src/model/courier.ts';
import type { MessageRows } from '#src/model/message-row.ts';
import type { Outbox } from '#src/model/outbox.ts';

/** Records what should stand in Slack and wakes whoever delivers to the channel. */
export function createOutbox(rows: MessageRows, wake: (channel: string) => Promise<void>): Outbox {
  return {
    async put({ id, channel, thread, template, data, urgency = 'result', ahead, revision, fallbackUser }) {
      const row = { id, channel, kind: 'message', template: template.name, data: JSON.stringify(data), urgency } as const;
      const recorded = await rows.put({ ...row, ...(thread !== undefined && { thread }), ...(ahead && { ahead }), ...(revision !== undefined && { revision }), ...(fallbackUser !== undefined && { fallbackUser }) });
      if (recorded.pending) await wake(recorded.channel);
    },
    async putFile({ id, channel, thread, ...content }) {
      const row = { id, channel, kind: 'file', template: '', data: JSON.stringify(content satisfies OutgoingContent), urgency: 'result' } as const;
      const recorded = await rows.put({ ...row, ...(thread !== undefined && { thread }) });
      if (recorded.pending) await wake(recorded.channel);
    },
  };
}
