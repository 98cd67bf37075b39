import { context, message, section } from '#src/blocks/build.ts';
import { selectInput, textInput } from '#src/blocks/inputs.ts';
import { code, md } from '#src/blocks/text.ts';
import { REASON_LENGTH } from '#src/model/approvals.ts';
import { durationWords, formatDuration } from '#src/model/duration.ts';
import { defineTemplate } from '#src/model/outbox.ts';

export interface AccessRequestForm {
  readonly clusters: readonly string[];
  readonly roles: readonly { readonly name: string; readonly text: string; readonly maxMs: number }[];
  /** What was typed already, by field. */
  readonly given: Readonly<Record<string, string | undefined>>;
  /** Fields to fill in, or how the same is typed. */
  readonly form: boolean;
}

const TIMES_MS = [30 * 60_000, 3600_000, 4 * 3600_000, 8 * 3600_000];
const USUAL_MS = 3600_000;
const TICKET = 100;
/** As Kubernetes allows. */
const NAMESPACE = 63;
const USAGE = 'access request --cluster NAME --namespace NAME --role ROLE --for 1h --reason "…"';

/** Asks what somebody wants access to. */
export const template = defineTemplate<AccessRequestForm>({
  name: 'access-request',
  summary: 'The form in which somebody asks for access for a time.',
  samples: {
    form: { clusters: ['prod-eu', 'dev'], roles: [{ name: 'edit', text: 'change workloads, no Secrets', maxMs: 4 * 3600_000 }], given: { namespace: 'shop' }, form: true },
    typed: { clusters: ['prod-eu', 'dev'], roles: [{ name: 'view', text: 'look at everything but Secrets', maxMs: 8 * 3600_000 }], given: {}, form: false },
  },
  render: ({ clusters, roles, given, form }) => {
    const text = 'Ask for access for a time: which cluster, which namespace, what for?';
    if (!form || clusters.length === 0 || roles.length === 0) return message(text, [section(md`Ask for access for a time:`), section(code(`/k8ssec ${USAGE}`)), context(md`Roles: ${code(roles.map(({ name }) => name).join(', '))}.`)]);
    const longest = Math.max(...roles.map(({ maxMs }) => maxMs));
    const times = TIMES_MS.filter((ms) => ms <= longest);
    return message(text, [
      selectInput({ field: 'cluster', label: 'Cluster', choices: clusters.map((name) => ({ value: name, text: name })), ...initial(given.cluster ?? only(clusters)) }),
      textInput({ field: 'namespace', label: 'Namespace', max: NAMESPACE, ...initial(given.namespace) }),
      selectInput({ field: 'role', label: 'Role', choices: roles.map(({ name, text: meaning, maxMs }) => ({ value: name, text: name, description: `${meaning}; ${durationWords(maxMs)} at most` })), ...initial(given.role ?? only(roles.map(({ name }) => name))) }),
      selectInput({ field: 'for', label: 'For how long', hint: 'The time runs from when the access is there.', choices: (times.length > 0 ? times : [longest]).map((ms) => ({ value: formatDuration(ms), text: durationWords(ms) })), ...initial(given.for ?? formatDuration(Math.min(USUAL_MS, longest))) }),
      textInput({ field: 'reason', label: 'What for', hint: 'The approvers read it, and it is kept in the log of decisions.', min: REASON_LENGTH.min, max: REASON_LENGTH.max, lines: 'several', ...initial(given.reason) }),
      textInput({ field: 'ticket', label: 'Ticket', max: TICKET, optional: true, ...initial(given.ticket) }),
    ]);
  },
});

function initial(value: string | undefined): { readonly initial?: string } {
  return value === undefined ? {} : { initial: value };
}

function only(names: readonly string[]): string | undefined {
  return names.length === 1 ? names[0] : undefined;
}
