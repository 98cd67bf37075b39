import { textAlone, type Message } from '#src/blocks/build.ts';
import { checkMessage } from '#src/blocks/checker.ts';
import type { OutgoingContent } from '#src/model/courier.ts';
import type { Log } from '#src/model/log.ts';
import type { MessageRow } from '#src/model/message-row.ts';
import type { Template } from '#src/model/outbox.ts';
import { sealMessage, type IssueToken } from './seal.ts';

export interface ContentDeps {
  readonly templates: readonly Template[];
  readonly zone: string;
  /** A token for a button of the named message. */
  readonly issue: (message: string) => IssueToken;
  readonly log: Log;
}

/** What is to be sent for a row as it stands now, or why nothing ever can be. */
export async function contentOf(row: MessageRow, deps: ContentDeps): Promise<Message | OutgoingContent | { readonly rejected: string }> {
  if (row.kind === 'file') return JSON.parse(row.data) as OutgoingContent;
  const message = rendered(row, deps);
  if ('rejected' in message) return message;
  if (row.plain) return textAlone(message);
  // Only sealed buttons have ids of their own, and that is how they are sent.
  const sealed = await sealMessage(message, deps.issue(row.id));
  const faults = checkMessage(sealed);
  if (faults.length === 0) return sealed;
  deps.log.error({ message: row.id, faults }, 'a message breaks the limits of Slack; its text is sent alone');
  return textAlone(message);
}

/** Data that another version of the bot recorded may not fit its template any more. */
function rendered(row: MessageRow, { templates, zone, log }: ContentDeps): Message | { readonly rejected: string } {
  const template = templates.find(({ name }) => name === row.template);
  if (template === undefined) return { rejected: `no template ${row.template}` };
  try {
    return template.render(JSON.parse(row.data) as unknown, { zone });
  } catch (error) {
    log.error({ message: row.id, template: row.template, error }, 'a message could not be rendered');
    return { rejected: `the template ${row.template} failed` };
  }
}
