import { defineDetection } from '#src/model/detection.ts';
import { qualifiedName } from '#src/model/finding.ts';
import { nsa } from '#src/model/references.ts';
import { begins, endName, workloadOf } from '../flow-names.ts';
import { isPoolName, isStratumPort, minerSign } from '../mining-signs.ts';
import { isForeign } from '../public-address.ts';

/** Tells of each workload that talks to a mining pool, or seems to. */
export const detection = defineDetection({
  id: 'connections/mining-pool',
  title: 'A workload talked to a mining pool',
  severity: 'critical',
  tips: [7],
  why: 'Somebody else’s program runs there and uses the machine; what it came in by is open for worse.',
  fix: 'Isolate the workload, keep its image and processes for a look, and find out how the program came in.',
  sources: [nsa('Audit Logging and Threat Detection')],
  items: {
    pool: { title: 'A workload talked to a known mining pool, or in the language of one' },
    port: { title: 'A workload talked to a port where mining pools usually listen', severity: 'medium' },
  },
  falco: {
    *judge(alert, { settings }) {
      const sign = minerSign(alert);
      const { remote } = alert.connection ?? {};
      const who = alert.pod === undefined ? `A process on ${alert.hostname ?? 'a node'}` : `${alert.pod.namespace}/${alert.pod.name}`;
      if (sign !== undefined) yield { item: 'pool', message: `${who} seems to mine: ${sign}` };
      else if (remote !== undefined && isStratumPort(remote.port) && isForeign(remote.address, settings)) {
        yield { item: 'port', message: `${who} talked to ${remote.address}:${remote.port}, where mining pools usually listen`, group: [remote.address] };
      }
    },
  },
  hubble: {
    *judge(flow, { settings }) {
      const object = workloadOf(flow.source);
      if (object === undefined || !begins(flow)) return;
      const { destination, dns, verdict } = flow;
      const did = verdict === 'dropped' ? 'tried to talk' : 'talked';
      const pool = [...destination.names, ...(dns === undefined ? [] : [dns.name])].find(isPoolName);
      if (pool !== undefined) yield { object, item: 'pool', message: `${qualifiedName(object)} ${dns === undefined ? `${did} to` : 'asked for the address of'} the mining pool ${pool}`, group: [pool] };
      else if (destination.outside && isStratumPort(destination.port) && destination.address !== undefined && isForeign(destination.address, settings)) {
        yield { object, item: 'port', message: `${qualifiedName(object)} ${did} to ${endName(destination)}, where mining pools usually listen`, group: [destination.address] };
      }
    },
  },
});
