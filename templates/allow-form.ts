import { context, message, section } from '#src/blocks/build.ts';
import { selectInput, textInput } from '#src/blocks/inputs.ts';
import { code, md, oneLine, ours, sentence } from '#src/blocks/text.ts';
import { REASON_LENGTH } from '#src/model/approvals.ts';
import { whoseText } from '#src/model/connection-words.ts';
import type { AllowEntry } from '#src/model/connection.ts';
import { defineTemplate } from '#src/model/outbox.ts';

export interface AllowForm extends Pick<AllowEntry, 'cluster' | 'namespace' | 'workload' | 'labels' | 'direction' | 'remote' | 'port'> {
  readonly asksHowLong: boolean;
  /** Fields to fill in, or how the same is typed. */
  readonly form: boolean;
}

const CHOICES = [
  { value: 'good', text: 'For good' },
  { value: '7d', text: '7 days' },
  { value: '30d', text: '30 days' },
  { value: '90d', text: '90 days' },
];
const SAMPLE: AllowForm = { cluster: 'prod-eu', namespace: 'shop', direction: 'egress', remote: 'api.stripe.com', port: 443, asksHowLong: true, form: true };

/** Asks what an entry of the allowlist still lacks. */
export const template = defineTemplate<AllowForm>({
  name: 'allow-form',
  summary: 'The form in which somebody asks for an entry of the allowlist of external connections.',
  samples: { form: SAMPLE, typed: { ...SAMPLE, form: false }, labels: { ...SAMPLE, labels: { tier: 'front', app: 'web' } } },
  render: (data) => {
    const { remote, port, direction, cluster = '', asksHowLong, form } = data;
    const where = `${oneLine(remote)}${port === undefined ? '' : `:${port}`}`;
    const whose = oneLine(whoseText(data));
    const text = `Allow ${where} ${direction === 'egress' ? 'for' : 'into'} ${whose} in ${oneLine(cluster)}: why?`;
    const first = section(md`Allow ${code(where)} ${ours(direction === 'egress' ? 'for' : 'into')} *${sentence(whose)}* in *${sentence(oneLine(cluster))}*. Somebody else has to agree.`);
    if (!form) return message(text, [first, context(md`It takes a reason: ${code(`/k8ssec allow ${remote} … --reason "…"`)}`)]);
    return message(text, [
      first,
      textInput({ field: 'reason', label: 'Reason', hint: 'The approvers read it, and it stays with the entry.', min: REASON_LENGTH.min, max: REASON_LENGTH.max, lines: 'several' }),
      ...(asksHowLong ? [selectInput({ field: 'for', label: 'For how long', choices: CHOICES, initial: 'good' })] : []),
    ]);
  },
});
