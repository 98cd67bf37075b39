import { describe, expect, test } from '@jest/globals';
import type { RawObject } from '#src/model/raw.ts';
import { isBastion, runsSshServer } from '#src/model/ssh.ts';

const of = (raw: RawObject) => ({ name: 'a', role: 'regular' as const, raw, path: [] });

describe('src/model/ssh.ts', () => {
  test.each([
    [{ image: 'docker.io/linuxserver/openssh-server:9.7_p1' }, true],
    [{ image: 'registry.example/team/sshd' }, true],
    [{ image: 'atmoz/sftp:alpine' }, true],
    [{ image: 'alpine:3.21', command: ['/usr/sbin/sshd', '-D'] }, true],
    [{ image: 'alpine:3.21', command: ['sh', '-c', 'ssh-keygen -A && exec /usr/sbin/sshd -D'] }, true],
    [{ image: 'alpine:3.21', args: ['dropbear', '-F'] }, true],
    [{ image: 'alpine:3.21', command: ['ssh', 'host'] }, false],
    [{ image: 'registry.example/finished:1' }, false],
    [{ image: 7, command: 'sshd' }, false],
    [{}, false],
  ])('tells whether %j runs an SSH server', (raw, expected) => {
    expect(runsSshServer(of(raw))).toBe(expected);
  });

  test.each([
    [{ image: 'public.ecr.aws/gravitational/teleport-distroless:17' }, true],
    [{ image: 'ghcr.io/tailscale/tailscale:v1.80' }, true],
    [{ image: 'tsl0922/ttyd:1.7' }, true],
    [{ image: 'alpine:3.21', command: ['tailscaled', '--tun=userspace-networking'] }, true],
    [{ image: 'registry.example/sshd:1' }, true],
    [{ image: 'quay.io/prometheus/node-exporter:v1.9.0' }, false],
  ])('tells whether %j lets people in', (raw, expected) => {
    expect(isBastion(of(raw))).toBe(expected);
  });
});
