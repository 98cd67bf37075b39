import { defineDetection } from '#src/model/detection.ts';
import { qualifiedName } from '#src/model/finding.ts';
import { nsa } from '#src/model/references.ts';
import { begins, workloadOf } from '../flow-names.ts';
import { isMetadataService, mayReadMetadata } from '../metadata-service.ts';

/** Tells of each pod that asks its cloud who it is, but for those that the site has named. */
export const detection = defineDetection({
  id: 'connections/metadata-service-access',
  title: 'A pod asked the metadata service of its cloud',
  severity: 'high',
  tips: [7, 6],
  why: 'The service hands the credentials of the node to whoever asks, and those reach far beyond the pod.',
  fix: 'Block the address by a network policy, let nodes answer only what comes from themselves, and name pods that need it in the configuration.',
  sources: [nsa('Network separation and hardening')],
  falco: {
    *judge({ pod, connection }, { settings }) {
      if (pod === undefined || connection === undefined || mayReadMetadata(pod, settings) || !isMetadataService(connection.remote.address)) return;
      yield { message: `${pod.namespace}/${pod.name} asked the metadata service at ${connection.remote.address}` };
    },
  },
  hubble: {
    *judge(flow, { settings }) {
      const { source, destination, verdict } = flow;
      const object = workloadOf(source);
      if (object === undefined || source.pod === undefined || !begins(flow) || mayReadMetadata(source.pod, settings)) return;
      const asked = [destination.address, ...destination.names].find((place) => place !== undefined && isMetadataService(place));
      if (asked !== undefined) yield { object, message: `${qualifiedName(object)} ${verdict === 'dropped' ? 'tried to ask' : 'asked'} the metadata service at ${asked}` };
    },
  },
});
