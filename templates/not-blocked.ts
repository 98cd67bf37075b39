import { message, preformatted, richText, section } from '#src/blocks/build.ts';
import { brief, cut, sentence } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';

export interface NotBlocked {
  readonly text: string;
  /** What somebody could apply who may. */
  readonly patch?: string;
}

/** Names of a cluster make a reason long, and its end is the next step. */
const TEXT = 1000;

/** Why nothing is blocked in the cluster. */
export const template = defineTemplate<NotBlocked>({
  name: 'not-blocked',
  summary: 'Why a denied connection is not blocked, or a workload not isolated, with what would do it.',
  samples: {
    'only proposed': {
      text: 'Not blocked: Policies of prod-eu shop are in mode propose, so nothing is changed. This would block it:',
      patch: 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: k8ssec-4be1\n  namespace: shop\n',
    },
    'isolation is only proposed': {
      text: 'Not isolated: Policies of prod-eu shop are in mode propose, so nothing is changed. This would isolate it:',
      patch: 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: k8ssec-4be1\n  namespace: shop\n',
    },
    'isolation is not even proposed': {
      text: 'Not isolated: Connections of prod-eu shop are only observed (mode observe), so nothing is changed. The configuration file can say mode: enforce under connections of prod-eu, or modes: { shop: enforce } for this namespace alone.',
    },
    impossible: { text: 'Not blocked: the network plugin flannel does not enforce policies.' },
  },
  render: ({ text, patch }) => message(brief(text), [section(sentence(cut(text, TEXT))), ...(patch === undefined ? [] : [richText(preformatted(patch))])]),
});
