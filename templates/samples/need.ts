import type { NeedShown } from '../parts/need.ts';

const OPEN = {
  id: 'n3fa81c0b',
  called: 'Bob Brown (bob@corp.example)',
  cluster: 'prod-eu',
  rights: ['edit in shop (RoleBinding shop/edit-bob)', 'view in billing (RoleBinding billing/viewers)'],
  rightCount: 2,
  why: 'nothing seen for 60 days, all of them watched',
  slackId: 'U0BOBBROWN',
  state: 'open',
  askedAt: '2026-11-23T08:00:00.000Z',
  answerBy: '2026-12-07T08:00:00.000Z',
  reader: 'person',
} as const satisfies NeedShown;
const BY_BOB = { person: 'U0BOBBROWN', name: 'bob' };

/** The question in every state. */
export const SAMPLE_NEEDS = {
  'to the person': OPEN,
  'to the manager': { ...OPEN, reader: 'owner' },
  kept: { ...OPEN, state: 'kept', answer: { by: BY_BOB, at: '2026-11-24T09:00:00.000Z', reason: 'on call again in January', until: '2027-02-01' } },
  'given up': { ...OPEN, state: 'given-up', answer: { by: BY_BOB, at: '2026-11-24T09:00:00.000Z' }, request: 'r7k2m9' },
  'given up, seen by the manager': { ...OPEN, reader: 'owner', state: 'given-up', answer: { by: BY_BOB, at: '2026-11-24T09:00:00.000Z' } },
  'not answered': { ...OPEN, state: 'unanswered', request: 'r7k2m9' },
  'approvers could not be asked': { ...OPEN, state: 'unanswered', hindered: 'Could not look at rolebindings in prod-eu: no permission to list rolebindings' },
  closed: { ...OPEN, state: 'closed', closedWhy: 'seen again on 2026-11-25 (exec in shop)' },
} as const satisfies Readonly<Record<string, NeedShown>>;
