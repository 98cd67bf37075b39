import { describe, expect, test } from '@jest/globals';
import { actions, button, call, post, section, startSlack, workspaceOf } from '../support/slack.ts';

describe('src/sandbox/slack/client/person.ts', () => {
  test('sees a message as soon as it comes', async () => {
    const slack = await startSlack();
    const seeing = slack.as('ann').sees('#sec-prod', /^Hel+o$/);

    await post(slack, '#sec-prod', { text: 'Other' });
    await post(slack, '#sec-prod', { text: 'Hello' });

    expect(await seeing).toMatchObject({ words: 'Hello' });
  });

  test('sees a message become another', async () => {
    const slack = await startSlack();
    const ts = await post(slack, '#sec-prod', { text: 'Scanning' });
    const ann = slack.as('ann');
    const before = await ann.sees('#sec-prod', 'Scanning');
    const changing = ann.seesChange(before, ({ isEdited }) => isEdited);

    await call(slack, 'chat.update', { channel: before.channel, ts, text: 'Done' });

    expect(await changing).toMatchObject({ words: 'Done' });
    await call(slack, 'chat.delete', { channel: before.channel, ts });
    expect(ann.reread(before)).toBeUndefined();
  });

  test('says what there is when what was expected does not come', async () => {
    const slack = await startSlack({ patienceMs: 1 });
    await post(slack, '#sec-prod', { text: 'Hello' });

    await expect(slack.as('ann').sees('#sec-prod', 'Goodbye')).rejects.toThrow('1 ms went by while a test waited for ann to see "Goodbye".\nThere is:\nk8ssec: Hello');
    await expect(slack.as('ann').sees('#team-shop', 'Goodbye')).rejects.toThrow('There is no message.');
  });

  test('does not guess which of two buttons is meant', async () => {
    const slack = await startSlack();
    await post(slack, '#sec-prod', { text: 'M', blocks: [section('M'), actions(button('Go', { action_id: 'one' }), button('Go', { action_id: 'two' }))] });
    const ann = slack.as('ann');

    await expect(ann.press(await ann.sees('#sec-prod', 'M'), 'Go')).rejects.toThrow('More than one thing here is called "Go". There are: one "Go", two "Go".');
  });

  test('is known by handle or id, and nobody else is', async () => {
    const slack = await startSlack({ people: [{ handle: 'zoe', realName: 'Zoe New', trait: 'guest' }] });

    expect(slack.as(workspaceOf(slack).userId('zoe')).handle).toBe('zoe');
    expect(() => slack.as('nobody')).toThrow('The sandbox workspace has no person nobody.');
  });
});
