import { describe, expect, test } from '@jest/globals';
import { isWithin, normalizePath } from '#src/model/host-path.ts';

describe('src/model/host-path', () => {
  test.each([
    ['/', '/'],
    ['', '/'],
    ['/run/docker.sock', '/run/docker.sock'],
    ['/run/docker.sock/', '/run/docker.sock'],
    ['//run///docker.sock', '/run/docker.sock'],
    ['/run/./docker.sock', '/run/docker.sock'],
    ['/srv/../run/docker.sock', '/run/docker.sock'],
    ['/srv/data/../..', '/'],
    ['/../../etc', '/etc'],
    ['run/docker.sock', '/run/docker.sock'],
    ['/srv/..data', '/srv/..data'],
  ])('reads the path %j as %j', (written, normalized) => {
    expect(normalizePath(written)).toBe(normalized);
  });

  test.each([
    ['/', '/', true],
    ['/', '/etc', true],
    ['/etc', '/etc', true],
    ['/etc', '/etc/kubernetes/pki', true],
    ['/etc', '/etcetera', false],
    ['/etc/kubernetes', '/etc', false],
    ['/etc', '/', false],
  ])('in %s, %s lies: %j', (directory, path, within) => {
    expect(isWithin(directory, path)).toBe(within);
  });
});
