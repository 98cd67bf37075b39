import type { NeedQuestion } from '#src/model/needs.ts';

/** What messages say about a question, and to whom. */
export interface NeedShown extends Pick<NeedQuestion, 'id' | 'called' | 'cluster' | 'rights' | 'rightCount' | 'why' | 'slackId' | 'state' | 'askedAt' | 'answerBy' | 'answer' | 'closedWhy' | 'request'> {
  /** Why approvers could not be asked yet, without a full stop. */
  readonly hindered?: string;
  /** The person whose access it is, or somebody who gets a copy. */
  readonly reader: 'person' | 'owner';
}
