import { ClusterUnreachable } from '#src/model/clusters.ts';
import type { Kind } from '#src/model/kinds.ts';
import { kubeletAnswer, silentKubelet } from '#src/model/kubelet-answer.ts';
import { at, isObject, textAt, type RawObject } from '#src/model/raw.ts';
import type { ObjectSource, SourcedObject } from '#src/model/source.ts';
import type { Right } from './permissions.ts';
import { SilentServer, type ApiClient } from './request.ts';
import { jsonBody, statusBody } from './status.ts';

const AT_ONCE = 8;
/** A kubelet of which somebody has taken hold may answer for ever. */
const ANSWER_MS = 10_000;
const ANSWER_BYTES = 1_000_000;

/** What it takes to ask kubelets. It is as good as root on every node. */
export const KUBELET_RIGHT: Right = { verb: 'get', group: '', resource: 'nodes/proxy' };

/** The cluster, which then also holds what its kubelets say of their settings. It takes `KUBELET_RIGHT`. */
export function withKubelets(source: ObjectSource, client: ApiClient, answerMs = ANSWER_MS): ObjectSource {
  return {
    ...source,
    list: (kind: Kind, signal: AbortSignal) => (kind === 'KubeletConfiguration' ? askKubelets(source, client, { signal, answerMs }) : source.list(kind, signal)),
  };
}

interface Asking {
  readonly signal: AbortSignal;
  readonly answerMs: number;
}

/** One object for each node, also where the kubelet says nothing. @throws {NotListed} when nobody knows which nodes there are. */
async function* askKubelets(source: ObjectSource, client: ApiClient, asking: Asking): AsyncGenerator<readonly SourcedObject[]> {
  let refused: string | undefined;
  for await (const page of source.list('Node', asking.signal)) {
    const names = page.map(({ object }) => textAt(object, 'metadata', 'name') ?? '').filter((name) => name !== '');
    for (let start = 0; start < names.length; start += AT_ONCE) {
      const answers = await Promise.all(names.slice(start, start + AT_ONCE).map(async (node) => (refused === undefined ? askOne(client, node, asking) : silentKubelet(node, refused))));
      // Whoever may not ask one may ask none.
      refused ??= answers.includes(undefined) ? 'the bot may not get nodes/proxy (ClusterRole k8ssec-kubelets), which readKubelets of the cluster needs' : undefined;
      yield answers.map((answer, index) => ({ object: answer ?? silentKubelet(names[start + index] ?? '', refused ?? '') }));
    }
  }
}

/** Undefined where the bot may not ask. */
async function askOne(client: ApiClient, node: string, { signal, answerMs }: Asking): Promise<RawObject | undefined> {
  const tooLong = AbortSignal.timeout(answerMs);
  try {
    const response = await client.send({ path: `/api/v1/nodes/${encodeURIComponent(node)}/proxy/configz`, maxBytes: ANSWER_BYTES }, AbortSignal.any([signal, tooLong]));
    // A kubelet refuses in plain text, an API server in its own form.
    if (response.status === 403 && statusBody(response) !== undefined) return undefined;
    const settings = at(jsonBody(response), 'kubeletconfig');
    if (response.status === 200 && isObject(settings)) return kubeletAnswer(node, settings);
    return silentKubelet(node, response.status === 200 ? 'a kubelet did not answer with its settings' : `a kubelet could not be asked for its settings (${response.status})`);
  } catch (error) {
    signal.throwIfAborted();
    if (tooLong.aborted) return silentKubelet(node, 'a kubelet did not answer in time');
    if (error instanceof SilentServer || error instanceof ClusterUnreachable) return silentKubelet(node, `a kubelet could not be asked for its settings: ${error.message}`);
    throw error;
  }
}
