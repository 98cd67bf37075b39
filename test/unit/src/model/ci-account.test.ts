import { describe, expect, test } from '@jest/globals';
import { ciAccountOf } from '#src/model/ci-account.ts';
import { NO_SETTINGS } from '#src/model/settings.ts';

describe('src/model/ci-account', () => {
  test.each([
    ['argocd-application-controller', '', true],
    ['flux-reconciler', '', true],
    ['gitlab-runner', '', true],
    ['jenkins', '', true],
    ['tekton-triggers', '', true],
    ['shop-ci', '', true],
    ['shop-deployer', '', true],
    ['delivery', 'argocd', true],
    ['ci', '', false],
    ['circus', '', false],
    ['flux', '', false],
    ['web', 'shop', false],
  ])('the account %s of the product %j belongs to a pipeline: %j', (name, product, isCi) => {
    expect(ciAccountOf({ namespace: 'shop', name, product }, NO_SETTINGS) !== undefined).toBe(isCi);
  });

  test('knows the namespaces of a configured account only', () => {
    const settings = { ciAccounts: [{ namespace: 'ci', name: 'releases', ownNamespaces: ['shop'] }] };

    expect(ciAccountOf({ namespace: 'ci', name: 'releases' }, settings)).toEqual({ ownNamespaces: ['shop'] });
    expect(ciAccountOf({ namespace: 'shop', name: 'releases' }, settings)).toBeUndefined();
    expect(ciAccountOf({ namespace: 'ci', name: 'shop-ci' }, settings)).toEqual({ ownNamespaces: undefined });
  });
});
