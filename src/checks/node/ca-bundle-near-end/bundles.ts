import { objectsAt, textAt, type RawObject, type Step } from '#src/model/raw.ts';

/** The certificates by which the API server knows a server that it calls. */
export interface Bundle {
  /** What the API server calls, for people. */
  readonly callee: string;
  readonly path: readonly Step[];
  readonly pem: string;
}

/** Every bundle of an object. Where there is none, the API server believes the CAs of its own machine. */
export function bundlesOf(object: RawObject): readonly Bundle[] {
  switch (textAt(object, 'kind')) {
    case 'APIService':
      return bundleAt(object, 'its server', ['spec', 'caBundle']);
    case 'CustomResourceDefinition':
      if (textAt(object, 'spec', 'conversion', 'strategy') !== 'Webhook') return [];
      // The second is how apiextensions.k8s.io/v1beta1 has it.
      return [['webhook', 'clientConfig'], ['webhookClientConfig']].flatMap((steps) => bundleAt(object, 'its conversion webhook', ['spec', 'conversion', ...steps, 'caBundle']));
    default:
      return objectsAt(object, 'webhooks').flatMap(([index, webhook]) => bundleAt(object, `its webhook ${textAt(webhook, 'name') ?? String(index)}`, ['webhooks', index, 'clientConfig', 'caBundle']));
  }
}

/** A bundle without text is a place for one: kubebuilder writes a line break where cert-manager is to fill it in. */
function bundleAt(object: RawObject, callee: string, path: readonly Step[]): readonly Bundle[] {
  const pem = Buffer.from(textAt(object, ...path) ?? '', 'base64').toString('latin1');
  return pem.trim() === '' ? [] : [{ callee, path, pem }];
}
