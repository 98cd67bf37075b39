import { describe, expect, test } from '@jest/globals';
import { activityOf, addActivity, coverageOf, emptyActivity, lossyDays, watchedSince, type ActivityState } from '#src/events/activity.ts';
import { actingKey, bindingKey } from '#src/model/presence.ts';
import { readNative } from '#src/events/sources/audit/native.ts';

const DAY_MS = 86_400_000;
const NOON_MS = Date.UTC(2026, 7, 21, 12);
const DEV = bindingKey({ kind: 'RoleBinding', namespace: 'shop', name: 'dev' });
const ROBOT = 'system:serviceaccount:shop:robot';
const REASON = 'RBAC: allowed by RoleBinding "dev/shop" of ClusterRole "edit" to Group "dev"';

function seen(state: ActivityState, changes: object = {}, timeMs = NOON_MS): void {
  const event = readNative({
    verb: 'get',
    user: { username: 'jo@corp.example' },
    objectRef: { resource: 'pods', namespace: 'shop', name: 'api-0', apiVersion: 'v1' },
    responseStatus: { code: 200 },
    requestReceivedTimestamp: new Date(timeMs).toISOString(),
    annotations: { 'authorization.k8s.io/reason': REASON },
    ...changes,
  });
  if (event === undefined) throw new Error('no event');
  addActivity(state, event);
}

function stateOf(...changes: readonly object[]): ActivityState {
  const state = emptyActivity();
  for (const change of changes) seen(state, change);
  return state;
}

/** A component that asks every minute of these days before noon of the 21st. */
function watched(state: ActivityState, daysAgo: readonly number[], minutes = 1440, verb = 'get'): void {
  for (const ago of daysAgo) {
    const midnight = Math.floor(NOON_MS / DAY_MS) * DAY_MS - ago * DAY_MS;
    for (let minute = 0; minute < minutes; minute += 1) seen(state, { verb, user: { username: 'system:kube-scheduler' } }, midnight + minute * 60_000);
  }
}

const WINDOW = { untilMs: NOON_MS, days: 20 };
/** An event of so many days ago got lost. */
function lose(state: ActivityState, daysAgo: number): void {
  const day = state.days.get(new Date(NOON_MS - daysAgo * DAY_MS).toISOString().slice(0, 10));
  if (day === undefined) throw new RangeError('a day that was not watched');
  day.lost += 1;
}

const ALL_DAYS = Array.from({ length: 20 }, (_, index) => index + 1);

describe('src/events/activity.ts', () => {
  test('keeps the latest deed of a person, and when a binding was last used', () => {
    const state = emptyActivity();
    seen(state, {}, NOON_MS + 1000);
    seen(state, { verb: 'delete' }, NOON_MS);

    expect(activityOf(state, 'jo@corp.example', WINDOW)).toMatchObject({ lastSeen: '2026-08-21T12:00:01.000Z', lastDeed: 'read in shop' });
    expect(state.bindings.get(DEV)?.ms).toBe(NOON_MS + 1000);
  });

  test.each([
    ['a look', { verb: 'list' }, 'read in shop'],
    ['a change', { verb: 'patch' }, 'write in shop'],
    ['a session', { verb: 'create', objectRef: { resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'api-0' } }, 'exec in shop'],
    ['a look at the whole cluster', { objectRef: { resource: 'nodes' } }, 'read'],
  ])('%s is told in a few words', (_name, changes, lastDeed) => {
    expect(activityOf(stateOf(changes), 'jo@corp.example', WINDOW).lastDeed).toBe(lastDeed);
  });

  test.each([
    ['a component', { user: { username: 'system:kube-scheduler' } }],
    ['a node', { user: { username: 'system:node:worker-1' } }],
    ['a ServiceAccount', { user: { username: 'system:serviceaccount:shop:api' } }],
    ['nobody in particular', { user: { username: 'system:anonymous' } }],
    ['somebody who only signed in', { responseStatus: { code: 401 } }],
  ])('%s is no activity of a person', (_name, changes) => {
    expect(stateOf(changes).users.size).toBe(0);
  });

  test.each<readonly [string, object, readonly string[]]>([
    ['a person who acts as somebody else', { impersonatedUser: { username: 'admin' } }, ['jo@corp.example']],
    ['a person who acts as an account', { impersonatedUser: { username: ROBOT } }, ['jo@corp.example']],
    ['a person for whom an account acts', { user: { username: 'system:serviceaccount:rancher:proxy' }, impersonatedUser: { username: 'ann' } }, ['ann']],
    ['a person for whom a component of the provider acts', { user: { username: 'aksService' }, impersonatedUser: { username: 'ann' } }, ['ann']],
    ['an account that acts as another', { user: { username: ROBOT }, impersonatedUser: { username: 'system:serviceaccount:shop:web' } }, []],
    ['an account for whom nobody in particular is there', { user: { username: ROBOT }, impersonatedUser: { username: 'system:anonymous' } }, []],
  ])('%s: who was there', (_name, changes, users) => {
    expect([...stateOf(changes).users.keys()]).toEqual(users);
  });

  test('remembers who acted as whom, and the binding of whom they acted as', () => {
    const state = stateOf({ impersonatedUser: { username: 'admin' } });

    expect([...state.actedAs.keys()]).toEqual([actingKey('jo@corp.example', 'admin')]);
    expect([...state.bindings.keys()]).toEqual([DEV]);
  });

  test.each<readonly [string, object, readonly string[]]>([
    ['a person', {}, [DEV]],
    ['an account', { user: { username: ROBOT } }, [DEV]],
    ['a component', { user: { username: 'system:kube-scheduler' } }, [DEV]],
    ['a request that failed all the same', { responseStatus: { code: 404 } }, [DEV]],
    ['a request that nobody signed in for', { responseStatus: { code: 401 } }, []],
    ['a request that was forbidden', { responseStatus: { code: 403 }, annotations: { 'authorization.k8s.io/decision': 'forbid', 'authorization.k8s.io/reason': '' } }, []],
    ['another authorizer', { annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': 'access granted by IAM permissions.' } }, []],
  ])('%s uses these bindings', (_name, changes, bindings) => {
    expect([...stateOf(changes).bindings.keys()]).toEqual(bindings);
  });

  const TOOL = { user: { username: ROBOT }, userAgent: 'kubectl/v1.37.2 (linux/amd64) kubernetes/abc', sourceIPs: ['203.0.113.9'] };

  test.each<readonly [string, object, readonly string[]]>([
    ['kubectl', {}, [`${ROBOT}\nkubectl\n203.0.113.0/24`]],
    ['a plugin of kubectl', { userAgent: 'kubectl-neat/v2' }, [`${ROBOT}\nkubectl\n203.0.113.0/24`]],
    ['kubectl on Windows', { userAgent: 'kubectl.exe/v1.30.0' }, [`${ROBOT}\nkubectl\n203.0.113.0/24`]],
    ['Helm', { userAgent: 'Helm/3.14.0' }, [`${ROBOT}\nhelm\n203.0.113.0/24`]],
    ['a network of IPv6', { sourceIPs: ['2001:db8:1:2::3'] }, [`${ROBOT}\nkubectl\n2001:db8:1::/48`]],
    ['an address of a private network', { sourceIPs: ['10.8.0.4'] }, [`${ROBOT}\nkubectl\n10.8.0.4`]],
    ['addresses of which the server saw the last', { sourceIPs: ['10.244.0.3', '203.0.113.9'] }, [`${ROBOT}\nkubectl\n203.0.113.0/24`]],
    ['no address', { sourceIPs: [] }, [`${ROBOT}\nkubectl\n`]],
    ['a request that was refused', { responseStatus: { code: 403 } }, [`${ROBOT}\nkubectl\n203.0.113.0/24`]],
    ['an account that acts as somebody else', { impersonatedUser: { username: 'ann' } }, [`${ROBOT}\nkubectl\n203.0.113.0/24`]],
    ['a person who acts as the account', { user: { username: 'ann' }, impersonatedUser: { username: ROBOT } }, []],
    ['the token of a pod', { user: { username: ROBOT, extra: { 'authentication.kubernetes.io/pod-name': ['job-1'] } } }, []],
    ['a token that is none', { responseStatus: { code: 401 } }, []],
    ['a person', { user: { username: 'ann' } }, []],
    ['a controller', { userAgent: 'kube-state-metrics/v2.13.0 (linux/amd64)' }, []],
    ['a controller that begins alike', { userAgent: 'helm-controller/v1.0' }, []],
    ['no user agent', { userAgent: undefined }, []],
  ])('%s: the tool that a person may have used with an account', (_name, changes, tools) => {
    expect([...stateOf({ ...TOOL, ...changes }).tools.keys()]).toEqual(tools);
  });

  test('what finds no room counts as lost', () => {
    const state = emptyActivity();
    for (let index = 0; index <= 100_000; index += 1) state.bindings.set(String(index), { ms: 0, deed: 'read' });

    seen(state);

    expect([state.bindings.has(DEV), lossyDays(state)]).toEqual([false, 1]);
  });

  test('an event of which several things find no room counts as lost once', () => {
    const state = emptyActivity();
    for (const full of [state.bindings, state.users, state.tools]) for (let index = 0; index <= 100_000; index += 1) full.set(String(index), { ms: 0, deed: 'read' });

    seen(state);
    seen(state, TOOL);

    expect([...state.days.values()].map(({ lost }) => lost)).toEqual([2]);
  });

  test.each([
    ['before all of it', -DAY_MS, 4],
    ['a minute of it', 0, 3],
    ['within a minute of it', 59_999, 3],
    ['the next minute', 60_000, 2],
    ['the next day', DAY_MS - NOON_MS % DAY_MS, 1],
    ['after it', 3 * DAY_MS, 0],
  ])('counts what was watched since %s', (_, afterMs, minutes) => {
    const state = emptyActivity();
    for (const ms of [-60_000, 0, 10_000, 60_000, DAY_MS]) seen(state, {}, NOON_MS + ms);

    expect(watchedSince(state, NOON_MS + afterMs)).toBe(minutes);
  });

  test('without any event nothing was watched', () => {
    expect(activityOf(emptyActivity(), 'jo@corp.example', WINDOW)).toEqual({ coverage: 'none' });
  });

  test.each<[string, (state: ActivityState) => void, unknown]>([
    ['every day is watched', (state) => watched(state, ALL_DAYS), 'complete'],
    ['every day is watched, and nothing of it only reads', (state) => watched(state, ALL_DAYS, 1440, 'update'), 'writes-only'],
    ['what only reads came on one of the days', (state) => { watched(state, ALL_DAYS, 1440, 'update'); watched(state, [20], 1); }, 'complete'],
    ['what only reads came before the days', (state) => { watched(state, ALL_DAYS, 1440, 'update'); watched(state, [21], 1); }, 'writes-only'],
    ['one day of twenty is only half watched', (state) => { watched(state, ALL_DAYS.slice(1)); watched(state, [1], 700); }, 'complete'],
    ['two days are only half watched', (state) => { watched(state, ALL_DAYS.slice(2)); watched(state, [1, 2], 700); }, { observedDays: 18, ofDays: 20 }],
    ['one day is missing', (state) => watched(state, ALL_DAYS.slice(1)), { observedDays: 19, ofDays: 20 }],
    ['events of two days got lost', (state) => { watched(state, ALL_DAYS); lose(state, 1); lose(state, 2); }, { observedDays: 18, ofDays: 20 }],
    ['only today is watched', (state) => watched(state, [0]), { observedDays: 0, ofDays: 20 }],
  ])('%s', (_name, watch, coverage) => {
    const state = emptyActivity();
    watch(state);

    expect(coverageOf(state, WINDOW)).toEqual(coverage);
  });
});
