import { describe, expect, test } from '@jest/globals';
import { imagesOf, isFrom, isMutable, parseImage, type Image } from '#src/model/image.ts';
import { podOf } from '#src/model/workload.ts';

const DIGEST = `sha256:${'4b'.repeat(32)}`;

const REFERENCES: readonly (readonly [reference: string, image: Image])[] = [
  ['nginx', { registry: 'docker.io', repository: 'library/nginx' }],
  ['nginx:1.29', { registry: 'docker.io', repository: 'library/nginx', tag: '1.29' }],
  ['acme/api', { registry: 'docker.io', repository: 'acme/api' }],
  ['docker.io/nginx', { registry: 'docker.io', repository: 'library/nginx' }],
  ['index.docker.io/acme/api:2', { registry: 'docker.io', repository: 'acme/api', tag: '2' }],
  ['registry.example/api:latest', { registry: 'registry.example', repository: 'api', tag: 'latest' }],
  ['registry.example:5000/api', { registry: 'registry.example:5000', repository: 'api' }],
  ['registry:5000/api', { registry: 'registry:5000', repository: 'api' }],
  ['registry:5000', { registry: 'docker.io', repository: 'library/registry', tag: '5000' }],
  ['localhost/api', { registry: 'localhost', repository: 'api' }],
  ['[fd00::7]:5000/api:2', { registry: '[fd00::7]:5000', repository: 'api', tag: '2' }],
  ['Registry.Example/shop/api:V2', { registry: 'registry.example', repository: 'shop/api', tag: 'V2' }],
  [`ghcr.io/acme/tools/log@${DIGEST}`, { registry: 'ghcr.io', repository: 'acme/tools/log', digest: DIGEST }],
  [`nginx:latest@${DIGEST}`, { registry: 'docker.io', repository: 'library/nginx', tag: 'latest', digest: DIGEST }],
];

describe('src/model/image.ts', () => {
  test.each(REFERENCES)('resolves %s as a runtime does', (reference, image) => {
    const parsed = parseImage(reference);

    expect(parsed).toEqual(image);
  });

  test.each(['', ' ', 'nginx:', ' nginx', 'nginx:$TAG', '${IMAGE}', '{{ .Values.image }}', 'nginx@latest', 'https://registry.example/api'])('takes "%s" for no reference', (text) => {
    expect(parseImage(text)).toBeUndefined();
  });

  test.each([
    ['nginx', true],
    ['registry.example:5000/api', true],
    ['nginx:latest', true],
    ['nginx:1.29-latest', false],
    [`nginx:latest@${DIGEST}`, false],
  ])('says whether %s can come to mean something else', (reference, mutable) => {
    const image = parseImage(reference);

    expect(image && isMutable(image)).toBe(mutable);
  });

  test.each([
    ['nginx', 'docker.io', true],
    ['nginx', 'docker.io/library', true],
    ['nginx', 'docker.io/library/nginx', true],
    ['nginx', 'library', true],
    ['acme/api', 'acme/', true],
    ['acme-tools/api', 'acme', false],
    ['acme/api', 'index.docker.io/acme', true],
    ['ghcr.io/acme/api', 'ghcr.io/acme', true],
    ['ghcr.io/acme-tools/api', 'ghcr.io/acme', false],
    ['registry.example/api', 'Registry.Example', true],
    ['registry.example:5000/api', 'registry.example', false],
    ['registry.example.attacker.example/api', 'registry.example', false],
  ])('says whether %s is from %s', (reference, place, from) => {
    const image = parseImage(reference);

    expect(image && isFrom(image, place)).toBe(from);
  });

  test('finds the images of all containers and of image volumes, and where they are written', () => {
    const pod = podOf({
      apiVersion: 'v1',
      kind: 'Pod',
      spec: {
        initContainers: [{ name: 'init', image: 'init:1' }],
        containers: [{ name: 'api', image: 'api:2' }, { name: 'patched' }],
        ephemeralContainers: [{ name: 'debug', image: 'busybox' }],
        volumes: [{ name: 'data', emptyDir: {} }, { name: 'models', image: { reference: 'models:3' } }],
      },
    });

    const images = pod === undefined ? [] : [...imagesOf(pod)];

    expect(images.map(({ written, user, place }) => [written, user, place.path.join('.')])).toEqual([
      ['init:1', 'Container init', 'spec.initContainers.0.image'],
      ['api:2', 'Container api', 'spec.containers.0.image'],
      ['busybox', 'Container debug', 'spec.ephemeralContainers.0.image'],
      ['models:3', 'Volume models', 'spec.volumes.1.image.reference'],
    ]);
  });
});
