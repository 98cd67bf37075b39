import { describe, expect, test } from '@jest/globals';
import { ALL_PORTS, allPortsOf, formatPorts, hasPort, hasPorts, intersectPorts, NO_PORTS, parsePorts, portSpan, protocolOf, subtractPorts, unitePorts } from '#src/network/ports.ts';

describe('src/network/ports.ts', () => {
  test('joins spans that overlap or touch, by protocol', () => {
    expect(formatPorts(unitePorts([portSpan('TCP', 80), portSpan('TCP', 81, 90), portSpan('TCP', 85, 95), portSpan('UDP', 53)]))).toEqual(['TCP/80-95', 'UDP/53']);
  });

  test('calls every port of every protocol all, and nothing less', () => {
    expect(formatPorts(ALL_PORTS)).toEqual(['all']);
    expect(formatPorts(unitePorts([allPortsOf('TCP'), allPortsOf('UDP'), allPortsOf('SCTP')]))).toEqual(['all']);
    expect(formatPorts(allPortsOf('TCP'))).toEqual(['TCP/1-65535']);
  });

  test('takes ports away', () => {
    const left = subtractPorts(ALL_PORTS, unitePorts([portSpan('TCP', 22), allPortsOf('UDP')]));

    expect(formatPorts(left)).toEqual(['TCP/1-21', 'TCP/23-65535', 'SCTP/1-65535']);
    expect(hasPort(left, 'TCP', 22)).toBe(false);
    expect(hasPort(left, 'SCTP', 22)).toBe(true);
  });

  test('finds ports that two sets share', () => {
    expect(formatPorts(intersectPorts(portSpan('TCP', 1, 100), unitePorts([portSpan('TCP', 90, 200), portSpan('UDP', 95)])))).toEqual(['TCP/90-100']);
    expect(hasPorts(intersectPorts(portSpan('TCP', 80), portSpan('SCTP', 80)))).toBe(false);
  });

  test('has nothing where there is no such port', () => {
    expect([portSpan('TCP', 0), portSpan('TCP', 1, 65536), portSpan('TCP', 90, 80)].map(hasPorts)).toEqual([false, false, false]);
  });

  test('takes a protocol that is not written for TCP, and knows three', () => {
    expect([undefined, 'udp', 'SCTP', 'ICMP'].map(protocolOf)).toEqual(['TCP', 'UDP', 'SCTP', undefined]);
  });

  test('reads what it writes, and nothing else', () => {
    for (const set of [ALL_PORTS, NO_PORTS, allPortsOf('UDP'), unitePorts([portSpan('TCP', 80), portSpan('TCP', 90, 99), portSpan('SCTP', 1)])]) expect(parsePorts(formatPorts(set))).toEqual(set);
    expect(parsePorts(['ICMP/1', 'TCP', 'TCP/0', 'TCP/9-1', ''])).toEqual(NO_PORTS);
  });
});
