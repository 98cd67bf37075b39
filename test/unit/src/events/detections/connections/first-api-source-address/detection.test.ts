import { describe, expect, test } from '@jest/globals';
import { detection } from '#src/events/detections/connections/first-api-source-address/detection.ts';
import { readNative } from '#src/events/sources/audit/native.ts';
import { NO_DETECTION_SETTINGS } from '#src/model/detection.ts';

const DAY_MS = 24 * 3600_000;
const NOON_MS = Date.UTC(2026, 10, 25, 12);

function scene() {
  const { audit } = detection.begin();
  return (user: string, address: string, timeMs?: number) => {
    const time = timeMs !== undefined && { requestReceivedTimestamp: new Date(timeMs).toISOString() };
    const event = readNative({ verb: 'list', requestURI: '/api/v1/pods', user: { username: user }, sourceIPs: [address], objectRef: { resource: 'pods', apiVersion: 'v1' }, responseStatus: { code: 200 }, ...time });
    if (event === undefined) throw new Error('no event');
    return [...(audit?.(event, { settings: NO_DETECTION_SETTINGS }) ?? [])].length;
  };
}

describe('src/events/detections/connections/first-api-source-address/detection.ts', () => {
  test('late events of the day before tell nothing again, and the next day does', () => {
    const told = scene();

    expect([NOON_MS, NOON_MS - DAY_MS, NOON_MS + 1, NOON_MS + DAY_MS].map((timeMs) => told('ann', '203.0.113.9', timeMs))).toEqual([1, 0, 0, 1]);
  });

  test('without times each network is told once', () => {
    const told = scene();

    expect([told('ann', '203.0.113.9'), told('ann', '203.0.113.9'), told('bob', '203.0.113.9')]).toEqual([1, 0, 1]);
  });

  test('whoever was quiet longest is forgotten, so that the memory stays small', () => {
    const told = scene();
    told('ann', '203.0.113.9', NOON_MS);
    told('bob', '203.0.113.9', NOON_MS);
    for (let index = 0; index < 9_999; index += 1) {
      if (index === 5000) told('ann', '203.0.113.9', NOON_MS);
      told(`user-${index}`, '203.0.113.9', NOON_MS);
    }

    expect([told('ann', '203.0.113.9', NOON_MS), told('bob', '203.0.113.9', NOON_MS)]).toEqual([0, 1]);
  });
});
