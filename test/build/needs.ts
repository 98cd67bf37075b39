import type { NeedQuestion } from '#src/model/needs.ts';

export const NEED_ASKED_AT = '2026-11-23T08:00:00.000Z';

/** A question to Bob that waits for his answer. */
export function aNeedQuestion(more: Partial<NeedQuestion> = {}): NeedQuestion {
  return {
    id: 'n1',
    person: 'okta/bob',
    called: 'Bob Brown (bob@corp.example)',
    cluster: 'prod',
    rights: ['edit in shop (RoleBinding shop/edit-bob)'],
    rightCount: 1,
    why: 'nothing seen for 60 days, all of them watched',
    slackId: 'U0BOB',
    owners: ['U0ANN'],
    state: 'open',
    askedAt: NEED_ASKED_AT,
    answerBy: '2026-12-07T08:00:00.000Z',
    reminders: 0,
    version: 1,
    journal: [{ at: NEED_ASKED_AT, by: { name: 'review' }, what: 'asked' }],
    logged: 0,
    published: 0,
    ...more,
  };
}
