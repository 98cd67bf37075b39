import { describe, expect, test } from '@jest/globals';
import { detection } from '#src/events/detections/connections/port-scan/detection.ts';
import { createDetector, ownedBy, type Detected } from '#src/events/detect.ts';
import { NO_DETECTION_SETTINGS } from '#src/model/detection.ts';
import { aFlow, anEnd } from '#test/build/flow.ts';

const WEB = { kind: 'Deployment', namespace: 'shop', name: 'web' };
const TRIES = NO_DETECTION_SETTINGS.thresholds.portsTried + 1;

function toldOf(name: string): Detected {
  const { judge } = createDetector({ detections: [detection], context: { settings: NO_DETECTION_SETTINGS }, cluster: 'prod', onFault: (_, error) => expect(error).toBeUndefined() });
  const flows = Array.from({ length: TRIES }, (_, port) => aFlow({ verdict: 'dropped', reply: false, timeMs: port, source: anEnd({ pod: { namespace: 'shop', name } }), destination: anEnd({ address: '10.0.1.1', port: port + 1 }) }));
  const [alarm] = flows.flatMap((one) => judge('hubble', one)).filter((judgement): judgement is Detected => 'message' in judgement);
  if (alarm === undefined) throw new Error('nothing was told');
  return alarm;
}

describe('src/events/detections/connections/port-scan/detection.ts', () => {
  test('two pods that scan are told apart, and are one for their workload', () => {
    const [a, b] = [toldOf('web-1'), toldOf('web-2')];

    expect(a.group).not.toBe(b.group);
    expect(ownedBy(a, WEB).owner).toEqual(ownedBy(b, WEB).owner);
  });
});
