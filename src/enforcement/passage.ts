import type { RawObject } from '#src/model/raw.ts';
import { calicoAllows } from './calico-isolation.ts';
import { ciliumAllows } from './cilium-isolation.ts';
import type { Passage } from './entry.ts';
import { networkPolicyAllows } from './isolation.ts';
import type { Mechanism } from './own-policy.ts';

/** Rules that let it through, one for each address or name, so that each can go without the others. None for what the sort of policy cannot name. */
export function passingRules(mechanism: Mechanism, passage: Passage): readonly RawObject[] {
  switch (mechanism) {
    case 'network-policy':
      return networkPolicyAllows(passage);
    case 'calico':
      return calicoAllows(passage);
    case 'cilium-allow':
      return ciliumAllows(passage);
    case 'cilium':
      return [];
  }
}
