import { describe, expect, test } from '@jest/globals';
import { connectApp } from '../support/app.ts';
import { listen } from '../support/page.ts';
import { call, home, modal, post, section, startSlack, workspaceOf } from '../support/slack.ts';

describe('src/sandbox/slack/page/events.ts', () => {
  test('tell of what the person sees', async () => {
    const slack = await startSlack();
    const events = await listen(slack, 'ann');
    await events.until({ about: 'workspace' });

    await post(slack, '#sec-prod');
    await call(slack, 'views.publish', { user_id: workspaceOf(slack).userId('ann'), view: home(section('Home')) });

    await events.until({ about: 'messages', channel: workspaceOf(slack).channelId('sec-prod') });
    await events.until({ about: 'home' });
    expect(events.heard[0]).toEqual({ about: 'workspace' });
  });

  test('tell nothing of other people’s modals and channels', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack);
    const events = await listen(slack, 'eli');
    await slack.as('ann').command('/k8ssec go', '#sec-private');
    await call(slack, 'views.open', { trigger_id: app.heard[0]?.payload.trigger_id, view: modal(section('A')) });
    await post(slack, '#sec-private');

    await post(slack, '#sec-prod');
    await events.until({ about: 'messages', channel: workspaceOf(slack).channelId('sec-prod') });

    expect(new Set(events.heard.map(({ about }) => about))).toEqual(new Set(['workspace', 'messages']));
    expect(events.heard.filter((event) => event.about === 'messages')).toHaveLength(1);
  });
});
