import { defineObjectCheck } from '#src/model/check.ts';
import { textAt, textMapAt, type RawObject } from '#src/model/raw.ts';
import { mitre } from '#src/model/references.ts';

/** The prefix is the controller's, of which there are two, and can be set. */
const SNIPPET = /^[\w.-]*nginx[\w.-]*\/[\w-]*-snippets?$/;
const SWITCH = 'allow-snippet-annotations';

/** Reports each Ingress that brings configuration of nginx along, and the ConfigMap that lets all of them do it. */
export const check = defineObjectCheck({
  id: 'exposure/ingress-nginx-snippet',
  title: 'Ingresses bring no configuration of nginx along',
  severity: 'high',
  tips: [3],
  why: 'Whoever may write an Ingress runs code in the ingress controller, and reads every Secret that it may read: in most installations all of the cluster.',
  fix: 'Replace the snippet by an annotation for its purpose, and set allow-snippet-annotations to "false" in the ConfigMap of ingress-nginx.',
  sources: [{ title: 'CVE-2021-25742', url: 'https://github.com/kubernetes/ingress-nginx/issues/7837' }, mitre('T1190')],
  kinds: ['Ingress', 'ConfigMap'],
  *judge(object) {
    if (textAt(object, 'kind') === 'ConfigMap') return yield* judgeSwitch(object);
    const snippets = [...textMapAt(object, 'metadata', 'annotations').keys()].filter((key) => SNIPPET.test(key));
    const [first] = snippets;
    if (first !== undefined) yield { path: ['metadata', 'annotations', first], message: `It brings configuration of nginx along: ${snippets.join(', ')}` };
  },
});

function* judgeSwitch(config: RawObject) {
  if (textAt(config, 'data', SWITCH)?.toLowerCase() === 'true') yield { path: ['data', SWITCH], message: 'It lets every Ingress bring configuration of nginx along' };
}
