import { defineDetection } from '#src/model/detection.ts';
import { shownCommand } from '#src/model/exec-command.ts';
import { FALCO_PRIORITIES, type FalcoPriority } from '#src/model/falco-alert.ts';
import type { Severity } from '#src/model/finding.ts';
import { nsa } from '#src/model/references.ts';
import { isMetadataService } from '../metadata-service.ts';
import { minerSign } from '../mining-signs.ts';

const SEVERITY: Readonly<Record<FalcoPriority, Severity>> = {
  emergency: 'critical',
  alert: 'critical',
  critical: 'critical',
  error: 'high',
  warning: 'medium',
  notice: 'low',
  informational: 'info',
  debug: 'info',
};

/** Hands on each alert of Falco that is important enough and that no other detection tells about. Those of one rule and workload belong together. */
export const detection = defineDetection({
  id: 'connections/falco-alert',
  title: 'Falco raised an alert',
  severity: 'medium',
  tips: [7],
  why: 'A program did something that a rule of Falco calls suspicious.',
  fix: 'Look at what the rule says; make an exception in Falco where it is wanted.',
  sources: [nsa('Audit Logging and Threat Detection'), { title: 'Falco documentation: Default Rules', url: 'https://falco.org/docs/reference/rules/default-rules/' }],
  falco: {
    *judge(alert, { settings }) {
      const { rule, priority, pod, hostname, containerId, command } = alert;
      if (FALCO_PRIORITIES.indexOf(priority) < FALCO_PRIORITIES.indexOf(settings.falcoPriority)) return;
      if (minerSign(alert) !== undefined || (pod !== undefined && isMetadataService(alert.connection?.remote.address ?? ''))) return;
      const where = pod === undefined ? `${containerId === undefined ? '' : `container ${containerId} on `}${hostname ?? 'an unknown node'}` : `${pod.namespace}/${pod.name}`;
      yield { severity: SEVERITY[priority], message: `Falco's rule "${rule}" speaks of ${where}`, ...(command !== undefined && { command: shownCommand(command.split(' ')) }), group: [rule, ...(pod === undefined && containerId === undefined ? [hostname ?? ''] : [])] };
    },
  },
});
