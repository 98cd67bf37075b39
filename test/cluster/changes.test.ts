import { readFileSync } from 'node:fs';
import { describe, test } from '@jest/globals';
import { CHANGE_CASES } from '#test/build/change-cases.ts';
import { changeScene } from '#test/build/changes.ts';

// Needs a kubeconfig as test/cluster/kube-conformance.test.ts does.
const kubeconfig = process.env.K8SSEC_TEST_KUBECONFIG;

(kubeconfig === undefined ? describe.skip : describe)('src/actions against a real API server', () => {
  test.each(CHANGE_CASES)('$name', async ({ run }) => {
    const scene = await changeScene(readFileSync(kubeconfig ?? '', 'utf8'));
    try {
      await run(scene);
    } finally {
      await scene.close();
    }
  });
});
