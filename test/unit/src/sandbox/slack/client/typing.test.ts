import { describe, expect, test } from '@jest/globals';
import { connectApp, respond, SILENCE } from '../support/app.ts';
import { manifestOf } from '../support/manifest.ts';
import { post, section, startSlack, workspaceOf, type Json } from '../support/slack.ts';

describe('src/sandbox/slack/client/typing.ts', () => {
  test('a command reaches the app with who typed what, and where', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack);
    const workspace = workspaceOf(slack);

    await slack.as('ann').command('/k8ssec  scan prod ', '#sec-prod');

    expect(app.heard).toMatchObject([
      {
        type: 'slash_commands',
        acceptsAnswer: true,
        payload: { command: '/k8ssec', text: 'scan prod', user_id: workspace.userId('ann'), user_name: 'ann', channel_id: workspace.channelId('sec-prod'), channel_name: 'sec-prod' },
      },
    ]);
  });

  test.each<[channel: string, name: string]>([
    ['#sec-private', 'privategroup'],
    ['dm', 'directmessage'],
  ])('a command typed in %s does not give its name away', async (channel, name) => {
    const slack = await startSlack();
    const app = await connectApp(slack);

    await slack.as('ann').command('/k8ssec help', channel);

    expect(app.heard[0]?.payload.channel_name).toBe(name);
  });

  test('mentions become ids only for commands that ask for it', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack);
    const { userId, groupId, channelId } = workspaceOf(slack);

    for (const command of ['/k8ssec', '/raw']) await slack.as('ann').command(`${command} @bo @sec-approvers #sec-prod @nobody a@bo.example <b>`, '#sec-prod');

    expect(app.heard.map(({ payload }) => payload.text)).toEqual([
      `<@${userId('bo')}> <!subteam^${groupId('sec-approvers')}|@sec-approvers> <#${channelId('sec-prod')}|sec-prod> @nobody a@bo.example <b>`,
      '@bo @sec-approvers #sec-prod @nobody a@bo.example <b>',
    ]);
  });

  test('shows the usage hint of the manifest', async () => {
    const slack = await startSlack();

    expect(slack.as('ann').usageHint('/k8ssec')).toBe('scan [cluster] | help');
  });

  test.each<[what: string, answer: Json | undefined, seen: readonly Json[]]>([
    ['nothing', undefined, []],
    ['a text', { text: 'Done' }, [{ words: 'Done', isEphemeral: true }]],
    ['blocks', { text: 'Done', blocks: [section('*Done*')] }, [{ words: '*Done*', isEphemeral: true }]],
    ['an answer for everybody', { response_type: 'in_channel', text: 'Done' }, [{ author: 'ann', words: '/k8ssec go' }, { author: 'k8ssec', words: 'Done', isEphemeral: false }]],
    ['blocks that Slack refuses', { text: 'Done', blocks: [section('')] }, [{ author: 'slackbot', words: '/k8ssec failed with the error "invalid_command_response"' }]],
  ])('an acknowledgement with %s shows what it carries', async (_what, answer, seen) => {
    const slack = await startSlack();
    const app = await connectApp(slack);
    app.react = () => answer;

    await slack.as('ann').command('/k8ssec go', '#sec-prod');

    expect(slack.as('ann').messages('#sec-prod')).toMatchObject(seen);
  });

  test('without an acknowledgement in three seconds the person reads that it timed out', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack);
    const told = new Promise((resolve) => {
      app.react = (heard) => {
        resolve(heard);
        return SILENCE;
      };
    });
    const typed = slack.as('ann').command('/k8ssec go', '#sec-prod');
    await told;

    await slack.control.clock.advance(2999);
    const early = slack.as('ann').messages('#sec-prod');
    await slack.control.clock.advance(1);

    expect(early).toEqual([]);
    expect((await typed).outcome).toEqual({ ok: false, error: '/k8ssec failed with the error "operation_timeout"' });
    expect(slack.as('ann').messages('#sec-prod')).toMatchObject([{ author: 'slackbot', isEphemeral: true, words: '/k8ssec failed with the error "operation_timeout"' }]);
    expect(slack.as('bo').messages('#sec-prod')).toEqual([]);
  });

  test('without a connection of the app the command fails at once, and others see nothing', async () => {
    const slack = await startSlack();

    const { outcome } = await slack.as('ann').command('/k8ssec go', '#sec-prod');

    expect(outcome).toEqual({ ok: false, error: '/k8ssec failed with the error "dispatch_failed"' });
  });

  test('a command that no app has is refused', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack);

    const { outcome } = await slack.as('ann').command('/k8sec go', '#sec-prod');

    expect(outcome).toEqual({ ok: false, error: '`/k8sec` is not a valid command.' });
    expect(app.heard).toEqual([]);
  });

  test.each<[why: string, scopes: readonly string[] | undefined, uninstalled: boolean]>([
    ['without the scope for them', ['chat:write'], false],
    ['after it was uninstalled', undefined, true],
  ])('the app has no commands %s', async (_why, scopes, uninstalled) => {
    const slack = await startSlack();
    if (scopes !== undefined) slack.control.app.setScopes(scopes);
    if (uninstalled) slack.control.app.uninstall();

    expect((await slack.as('ann').command('/k8ssec go', '#sec-prod')).outcome).toEqual({ ok: false, error: '`/k8ssec` is not a valid command.' });
  });

  test('people of another workspace have no commands of the app', async () => {
    const slack = await startSlack();
    await connectApp(slack);

    expect((await slack.as('xena').command('/k8ssec go', '#partner-acme')).outcome).toMatchObject({ ok: false });
  });

  test.each<[who: string, channel: string, error: string]>([
    ['eli', '#sec-private', 'You are not in #sec-private.'],
    ['ann', '#old-incidents', '#old-incidents is archived.'],
  ])('%s cannot type in %s', async (who, channel, error) => {
    const slack = await startSlack();

    expect((await slack.as(who).command('/k8ssec go', channel)).outcome).toEqual({ ok: false, error });
  });

  test.each(['hal', 'noa', 'deploybot'])('%s cannot do anything', async (handle) => {
    const slack = await startSlack();

    await expect(slack.as(handle).command('/k8ssec go', '#sec-prod')).rejects.toThrow(`${handle} cannot sign in`);
  });

  test('nothing can be typed to the app when its messages tab is read-only', async () => {
    const manifest = manifestOf();
    const slack = await startSlack({ manifest: { ...manifest, features: { ...manifest.features, app_home: { messages_tab_enabled: true, messages_tab_read_only_enabled: true } } } });

    expect((await slack.as('ann').command('/k8ssec go')).outcome).toEqual({ ok: false, error: 'Sending messages to this app has been turned off.' });
  });

  test('a message is seen by others, escaped as Slack stores it', async () => {
    const slack = await startSlack();

    await slack.as('ann').say('#sec-prod', '@bo a < b');

    expect(slack.as('bo').messages('#sec-prod')).toMatchObject([{ author: 'ann', text: `<@${workspaceOf(slack).userId('bo')}> a &lt; b`, words: '@bo a < b' }]);
  });

  test('a reply stands in the thread, where commands are refused', async () => {
    const slack = await startSlack();
    await post(slack, '#sec-prod', { text: 'Parent' });
    const ann = slack.as('ann');
    const parent = await ann.sees('#sec-prod', 'Parent');

    await ann.say(parent, 'Reply');

    expect(slack.as('bo').messages(parent).map(({ words }) => words)).toEqual(['Reply']);
    await expect(ann.say(parent, '/k8ssec go')).rejects.toThrow('Commands cannot be used in threads.');
  });

  test('plain messages and mentions reach an app that subscribed to them', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack);

    await slack.as('ann').say('dm', 'Hello');
    await slack.as('ann').say('#sec-prod', '@k8ssec hello');
    await slack.delivery(() => slack.deliveries().length === 2);

    expect(app.heard.map(({ payload }) => payload.event)).toMatchObject([{ type: 'message', channel_type: 'im', text: 'Hello' }, { type: 'app_mention' }]);
  });

  test('answers are known by the command that they answer', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack);
    const [first, second] = [await slack.as('ann').command('/k8ssec one', '#sec-prod'), await slack.as('ann').command('/k8ssec two', '#sec-prod')];

    for (const heard of app.heard) await respond(heard, { text: `Answer to ${String(heard.payload.text)}` });

    expect(await first.answer()).toMatchObject({ words: 'Answer to one' });
    expect(second.answers()).toMatchObject([{ words: 'Answer to two' }]);
  });
});
