import { defineCommand, Refused, UsageError } from '#src/model/command.ts';
import { template as notice } from '#templates/notice.ts';

/** Cancels a scan that is queued or running. Nothing of it is stored; its message says who canceled it. */
export const command = defineCommand({
  name: 'cancel',
  usage: 'cancel <scan>',
  summary: 'Cancel a scan that is queued or running.',
  examples: ['cancel a4c19e70b2'],
  access: 'operator',
  maxWords: 1,
  flags: {},
  async run({ words: [id] }, caller, services) {
    if (id === undefined) throw new UsageError('Which scan? Its id stands at the end of its message.');
    const scan = await services.scans.get(id);
    if (scan === undefined) throw new UsageError(`There is no scan "${id}", or it is forgotten by now.`);
    const permission = await services.access.may(caller, 'operator', scan.cluster);
    if (!permission.allowed) throw new Refused(permission);
    const outcome = await services.scans.cancel(id, caller.userId);
    const text = outcome === 'canceled' ? `The scan of ${scan.cluster} is canceled.` : `The scan of ${scan.cluster} has ended already.`;
    return { message: notice.render({ text }, services) };
  },
});
