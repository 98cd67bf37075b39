import { textAt, type RawObject } from './raw.ts';

const KUBELET = { apiVersion: 'kubelet.config.k8s.io/v1beta1', kind: 'KubeletConfiguration' } as const;
/** In the place of settings; no field of a kubelet. */
const UNREAD = 'k8ssecUnread';

/** What the kubelet of a node says of its settings, as an object of the cluster. */
export function kubeletAnswer(node: string, settings: RawObject): RawObject {
  return { ...settings, ...KUBELET, metadata: { name: node } };
}

/** Stands for a kubelet that said nothing, so that it does not pass for one that is not there. The reason is for people. */
export function silentKubelet(node: string, reason: string): RawObject {
  return { ...KUBELET, metadata: { name: node }, [UNREAD]: reason };
}

/** Why nothing is known of the kubelet; undefined where its settings are. */
export function whyUnread(object: RawObject): string | undefined {
  return textAt(object, UNREAD);
}
