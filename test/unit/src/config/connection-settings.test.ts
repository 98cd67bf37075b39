import { describe, expect, test } from '@jest/globals';
import { connectionFaults, connectionSettings, connectionsShape } from '#src/config/connection-settings.ts';
import { eventSettings, eventsShape } from '#src/config/event-settings.ts';
import type { Feed } from '#src/model/event-intake.ts';

const TOKEN = { token: { env: 'TOKEN' } };
const EVENTS = eventSettings(eventsShape.parse([{ cluster: 'prod', hubble: TOKEN, channel: 'C0SECPROD1' }, { cluster: 'dev', falco: TOKEN }, { cluster: 'lab', audit: TOKEN }]));

function faultsOf(entries: readonly object[], feeds: readonly Feed[] = ['hubble']): readonly string[] {
  return connectionFaults(connectionsShape.parse(entries), () => feeds).map(({ name, problem }) => `${name} ${problem}`);
}

/** What the shape says of one entry. */
function refused(entry: object): readonly string[] {
  return (connectionsShape.safeParse([{ cluster: 'prod', ...entry }]).error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`);
}

describe('src/config/connection-settings.ts', () => {
  test('clusters that send flows are watched by themselves, and alerts alone watch nothing', () => {
    expect(connectionSettings(undefined, EVENTS, [])).toEqual([{ cluster: 'prod', channel: 'C0SECPROD1', learnMs: 24 * 3600_000, clusterRanges: [], corporateRanges: [], groups: new Map(), allow: [], owners: [], mode: 'observe', modes: new Map(), sourceRanges: [] }]);
  });

  test('an entry says what is different', () => {
    const given = connectionsShape.parse([
      {
        cluster: 'dev',
        learn: '48h',
        clusterRanges: ['10.0.0.0/16'],
        groups: { office: ['198.51.100.0/24'], bank: { file: 'bank.txt' } },
        owners: [{ namespace: 'shop', team: 'Shop', who: 'C0TEAMSHOP' }],
        allow: [{ remote: 'office', direction: 'ingress', labels: { app: 'web' }, owner: 'dana', reason: 'people', until: '2027-01-01' }],
        mode: 'propose',
        modes: { shop: 'enforce' },
        sourceRanges: ['shop', '*'],
      },
    ]);

    expect(connectionSettings(given, EVENTS, [{ cluster: 'dev', group: 'bank', path: '/etc/bank.txt', ranges: ['203.0.113.0/28'], stamp: '1' }])).toMatchObject([
      { cluster: 'dev', learnMs: 48 * 3600_000, clusterRanges: ['10.0.0.0/16'], groups: new Map([['office', ['198.51.100.0/24']], ['bank', ['203.0.113.0/28']]]), allow: [{ id: 'config-1', cluster: 'dev', remote: 'office', direction: 'ingress', labels: { app: 'web' }, until: '2027-01-01T00:00:00.000Z' }], owners: [{ namespace: 'shop', workload: undefined, team: 'Shop', who: 'C0TEAMSHOP' }], mode: 'propose', modes: new Map([['shop', 'enforce']]), sourceRanges: ['shop', '*'] },
      { cluster: 'prod' },
    ]);
  });

  test.each([['off', 0], ['1h', 3600_000], ['30d', 30 * 24 * 3600_000]])('learn: %s', (learn, learnMs) => {
    expect(connectionSettings(connectionsShape.parse([{ cluster: 'prod', learn }]), EVENTS, [])).toMatchObject([{ learnMs, channel: 'C0SECPROD1' }]);
  });

  test.each([
    ['learn', { learn: '30m' }, '0.learn is neither off nor a duration such as 24h, from 1h to 30d'],
    ['learn', { learn: '31d' }, '0.learn is neither off nor a duration such as 24h, from 1h to 30d'],
    ['a range', { clusterRanges: ['10.0.0.1'] }, '0.clusterRanges.0 is no CIDR such as 10.244.0.0/16'],
    ['a mode', { mode: 'block' }, '0.mode is none of observe, propose, enforce'],
    ['a namespace', { sourceRanges: ['Shop'] }, "0.sourceRanges.0 is neither the name of a namespace nor '*' for all"],
    ['an owner', { owners: [{ team: 'Shop', who: 'shop-team' }] }, '0.owners.0.who is no Slack id of a person (U…), a user group (S…) or a channel (C…)'],
    ['a label', { allow: [{ remote: 'a.example', labels: { app: 'we b' }, owner: 'x', reason: 'y' }] }, '0.allow.0.labels has "app" with a key or a value that no label of Kubernetes has'],
    ['a list of labels', { allow: [{ remote: 'a.example', labels: {}, owner: 'x', reason: 'y' }] }, '0.allow.0.labels has no label; leave it out for pods with any'],
    ['a day', { allow: [{ remote: 'a.example', owner: 'x', reason: 'y', until: 'soon' }] }, '0.allow.0.until is no day such as 2026-12-01'],
  ])('does not take %s that is wrong', (_, entry, problem) => {
    expect(refused(entry)).toEqual([problem]);
  });

  test.each<readonly [string, readonly object[], readonly Feed[], string]>([
    ['a cluster twice', [{ cluster: 'prod' }, { cluster: 'prod' }], ['hubble'], 'connections[1].cluster is used twice'],
    ['a cluster that tells of no connections', [{ cluster: 'prod' }], ['audit'], 'connections[0] can see nothing: `events` has none of hubble, calico, flows, falco, sysdig for this cluster'],
    ['a group of everybody', [{ cluster: 'prod', groups: { all: ['0.0.0.0/1', '128.0.0.0/1'] } }], ['hubble'], 'connections[0].groups.all covers every address, so that the group tells nobody apart; name what is meant'],
    ['a file under a name of the bot', [{ cluster: 'prod', groups: { translated: { file: 'a.txt' } } }], ['hubble'], 'connections[0].groups.translated is a name that the bot uses itself'],
    ['a group with a name of the bot', [{ cluster: 'prod', groups: { internet: ['198.51.100.0/24'] } }], ['hubble'], 'connections[0].groups.internet is a name that the bot uses itself'],
    ['an entry for all addresses', [{ cluster: 'prod', allow: [{ remote: '0.0.0.0/0', owner: 'x', reason: 'y' }] }], ['hubble'], 'connections[0].allow[0].remote covers every address, which makes the list useless; leave the cluster out of `connections` instead'],
    ['an entry for a top-level domain', [{ cluster: 'prod', allow: [{ remote: '*.com', owner: 'x', reason: 'y' }] }], ['hubble'], 'connections[0].allow[0].remote covers a whole top-level domain; name what is needed'],
    ['a namespace in which nothing is ever done', [{ cluster: 'prod', mode: 'enforce', modes: { shop: 'observe' }, sourceRanges: ['web', 'shop'] }], ['hubble'], 'connections[0].sourceRanges[1] has no effect where `mode` is observe'],
  ])('names %s', (_, entries, feeds, fault) => {
    expect(faultsOf(entries, feeds)).toEqual([fault]);
  });
});
