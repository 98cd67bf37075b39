import { describe, expect, test } from '@jest/globals';
import type { WorkspaceControl } from '#src/sandbox/slack/control/workspace.ts';
import type { SlackSandbox } from '#src/sandbox/slack/sandbox.ts';
import { connectApp, SILENCE } from '../support/app.ts';
import { EVENTS, manifestOf } from '../support/manifest.ts';
import { startSlack, workspaceOf, type Json } from '../support/slack.ts';

/** What happens, and the event that the app hears. */
const HAPPENINGS: readonly (readonly [what: string, happens: (workspace: WorkspaceControl) => void, event: Json])[] = [
  ['somebody is deactivated', (workspace) => workspace.deactivate('eli'), { type: 'user_change', user: expect.objectContaining({ name: 'eli', deleted: true }) }],
  ['somebody becomes a guest', (workspace) => workspace.makeGuest('eli', { ofOneChannel: true }), { type: 'user_change', user: expect.objectContaining({ is_restricted: true, is_ultra_restricted: true }) }],
  ['somebody changes their status', (workspace) => workspace.changePerson('eli', { status: 'Lunch' }), { type: 'user_change' }],
  ['somebody new comes', (workspace) => workspace.addPerson({ handle: 'zoe', realName: 'Zoe New' }), { type: 'team_join', user: expect.objectContaining({ name: 'zoe' }) }],
  ['the members of a group change', (workspace) => workspace.setGroup('sec-approvers', ['bo', 'dana']), { type: 'subteam_members_changed', added_users_count: 1, removed_users_count: 1 }],
  ['the app is invited', (workspace) => workspace.inviteApp('sec-dev', 'ann'), { type: 'member_joined_channel', channel_type: 'C', inviter: expect.stringMatching(/^U/) }],
  ['somebody joins a private channel of the app', (workspace) => workspace.join('sec-private', 'dana'), { type: 'member_joined_channel', channel_type: 'G' }],
  ['a channel is shared', (workspace) => workspace.shareChannel('sec-prod'), { type: 'channel_shared', connected_team_id: expect.stringMatching(/^T/) }],
];

const eventsOf = (slack: SlackSandbox) => slack.deliveries().map(({ envelope }) => envelope.payload.event);

describe('src/sandbox/slack/delivery/delivery.ts', () => {
  test.each(HAPPENINGS)('tells the app when %s', async (_what, happens, event) => {
    const slack = await startSlack();
    const app = await connectApp(slack);

    happens(workspaceOf(slack));
    await slack.delivery(() => true);

    expect(app.heard).toMatchObject([{ type: 'events_api', acceptsAnswer: false, retry: { attempt: 0, reason: '' }, payload: { type: 'event_callback', event_id: expect.stringMatching(/^Ev/), event } }]);
  });

  test.each<[what: string, options: Parameters<typeof manifestOf>[0]]>([
    ['did not subscribe', { events: EVENTS.filter((event) => event !== 'subteam_members_changed') }],
    ['has no scope for it', { without: ['usergroups:read'] }],
  ])('tells nothing to an app that %s', async (_what, options) => {
    const slack = await startSlack({ manifest: manifestOf(options) });
    const app = await connectApp(slack);

    workspaceOf(slack).setGroup('sec-approvers', ['bo']);
    workspaceOf(slack).deactivate('eli');
    await slack.delivery(() => true);

    expect(app.heard.map(({ payload }) => (payload.event as Json).type)).toEqual(['user_change']);
  });

  test('needs the scope for the kind of channel', async () => {
    const slack = await startSlack({ manifest: manifestOf({ without: ['groups:read'] }) });
    await connectApp(slack);

    workspaceOf(slack).join('sec-private', 'dana');
    workspaceOf(slack).join('sec-prod', 'sid');
    await slack.delivery(() => true);

    expect(eventsOf(slack)).toMatchObject([{ channel_type: 'C' }]);
  });

  test('marks what is about a shared channel', async () => {
    const slack = await startSlack();
    await connectApp(slack);

    workspaceOf(slack).join('partner-acme', 'dana');
    await slack.delivery(() => true);

    expect(slack.deliveries()[0]?.envelope.payload).toMatchObject({ is_ext_shared_channel: true });
  });

  test('tells again at once, after a minute and after five more minutes, when there is no acknowledgement', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack);
    const heardTimes = (count: number) => new Promise<void>((resolve) => void (app.react = () => (app.heard.length === count && resolve(), SILENCE)));
    const { clock } = slack.control;

    const counts = [];
    for (const wait of [0, 3000, 63_000, 303_000]) {
      const heard = heardTimes(counts.length + 1);
      if (wait === 0) workspaceOf(slack).deactivate('eli');
      else await clock.advance(wait);
      await heard;
      counts.push(app.heard.length);
    }
    await clock.advance(3_600_000);

    expect(app.heard.map(({ retry }) => retry)).toEqual([
      { attempt: 0, reason: '' },
      { attempt: 1, reason: 'timeout' },
      { attempt: 2, reason: 'timeout' },
      { attempt: 3, reason: 'timeout' },
    ]);
    expect(new Set(app.heard.map(({ payload }) => payload.event_id)).size).toBe(1);
  });

  test('tells nothing again after an acknowledgement', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack);
    workspaceOf(slack).deactivate('eli');
    await slack.delivery(() => true);

    await slack.control.clock.advance(3_600_000);

    expect(app.heard).toHaveLength(1);
  });

  test('does not repeat commands', async () => {
    const slack = await startSlack();
    const app = await connectApp(slack);
    slack.control.sockets().freeze(true);
    const asked = slack.as('ann').command('/k8ssec go');

    await slack.control.clock.advance(3_600_000);
    await asked;

    expect(app.heard.length).toBe(1);
  });

  test('tells of a revoked token and of being uninstalled, and nothing more after that', async () => {
    const slack = await startSlack();
    await connectApp(slack);

    slack.control.app.revokeBotToken();
    slack.control.app.uninstall();
    workspaceOf(slack).deactivate('eli');
    await slack.delivery(() => slack.deliveries().length === 2);

    expect(eventsOf(slack)).toMatchObject([{ type: 'tokens_revoked' }, { type: 'app_uninstalled' }]);
  });

  test('is quiet once everything is acknowledged', async () => {
    const slack = await startSlack();
    await connectApp(slack);
    for (const handle of ['eli', 'gus', 'sid']) workspaceOf(slack).deactivate(handle);

    await slack.quiet();

    expect(slack.deliveries()).toHaveLength(3);
  });
});
