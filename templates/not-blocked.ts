import { message, preformatted, richText, section } from '#src/blocks/build.ts';
import { brief, sentence } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';

export interface NotBlocked {
  readonly text: string;
  /** What somebody could apply who may. */
  readonly patch?: string;
}

/** Why a denied connection is not blocked in the cluster. */
export const template = defineTemplate<NotBlocked>({
  name: 'not-blocked',
  summary: 'In the thread of a denied connection: why it is not blocked, with what would block it.',
  samples: {
    'only proposed': {
      text: 'Not blocked: Policies of prod-eu shop are in mode propose, so nothing is changed. This would block it:',
      patch: 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: k8ssec-4be1\n  namespace: shop\n',
    },
    impossible: { text: 'Not blocked: the network plugin flannel does not enforce policies.' },
  },
  render: ({ text, patch }) => message(brief(text), [section(sentence(brief(text))), ...(patch === undefined ? [] : [richText(preformatted(patch))])]),
});
