import { auditOutcome, type AuditedRequest } from '#src/model/audit-policy.ts';
import { defineFacts, type Subject } from '#src/model/check.ts';
import type { RawObject, Step } from '#src/model/raw.ts';

export interface AuditGap {
  /** What is not logged, or logged too well: `create pods/exec`. */
  readonly request: string;
  readonly how: 'none' | 'stages' | 'contents';
  /** From the root of the policy. */
  readonly path: readonly Step[];
}

/** What one audit policy leaves out, and where it writes Secrets down. */
export interface AuditPolicySummary {
  readonly subject: Subject;
  readonly unlogged: readonly AuditGap[];
  readonly revealed: readonly AuditGap[];
}

/** Clients start a session with either verb. */
const SESSIONS: readonly AuditedRequest[] = ['pods/exec', 'pods/attach'].flatMap((resource) => ['create', 'get'].map((verb) => ({ verb, resource })));
const READS: readonly AuditedRequest[] = ['get', 'list', 'watch'].map((verb) => ({ verb, resource: 'secrets' }));
const WRITES: readonly AuditedRequest[] = ['create', 'update', 'patch'].map((verb) => ({ verb, resource: 'secrets' }));

export const auditPolicies = defineFacts({
  name: 'audit-policies',
  reads: ['AuditPolicy'],
  keeps: 'what each audit policy does with sessions in pods and with Secrets',
  start: (): AuditPolicySummary[] => [],
  add(state, object, subject) {
    state.push({
      subject,
      unlogged: SESSIONS.flatMap((request) => gap(object, request, ({ level, omitted }) => (level === 'None' ? 'none' : omitted.has('ResponseStarted') && omitted.has('ResponseComplete') ? 'stages' : undefined))),
      revealed: [
        ...READS.flatMap((request) => gap(object, request, ({ level }) => (level === 'RequestResponse' ? 'contents' : undefined))),
        ...WRITES.flatMap((request) => gap(object, request, ({ level }) => (level === 'Request' || level === 'RequestResponse' ? 'contents' : undefined))),
      ],
    });
  },
});

function gap(policy: RawObject, request: AuditedRequest, judge: (outcome: ReturnType<typeof auditOutcome>) => AuditGap['how'] | undefined): readonly AuditGap[] {
  const outcome = auditOutcome(policy, request);
  const how = judge(outcome);
  return how === undefined ? [] : [{ request: `${request.verb} ${request.resource}`, how, path: outcome.path }];
}
