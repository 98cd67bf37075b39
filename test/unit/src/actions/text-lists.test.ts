import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { kubectlPatch } from '#src/actions/text-lists.ts';

const SERVICE = { namespace: 'shop', resource: 'services', name: 'web' };
const PATH = ['spec', 'loadBalancerSourceRanges'];

/** The words that a shell makes of a command. */
function shellWords(command: string): readonly string[] {
  return JSON.parse(execFileSync('sh', ['-c', `kubectl() { "$NODE" -e 'console.log(JSON.stringify(process.argv.slice(1)))' -- "$@"; }; ${command}`], { env: { NODE: process.execPath }, encoding: 'utf8' })) as readonly string[];
}

describe('src/actions/text-lists.ts', () => {
  test.each<[string, readonly string[] | undefined]>([
    ['no list', undefined],
    ['a list', ['198.51.100.0/24', ' 10.0.0.0/8 ']],
    ['a list with quotes and what a shell would run', [`'; touch /tmp/x; '`, '$(id)', '"', '\\']],
    ['a long list', Array.from({ length: 50 }, (_, index) => `2001:db8:${index}::/48`)],
  ])('writes a command that a shell reads as it is meant, in lines that fit: %s', (_, value) => {
    const command = kubectlPatch(SERVICE, PATH, value);

    expect(command.split('\n').every((line) => line.length <= 118)).toBe(true);
    const words = shellWords(command);
    expect(words.slice(0, -1)).toEqual(['-n', 'shop', 'patch', 'services', 'web', '--type=merge', '-p']);
    expect(JSON.parse(words.at(-1) ?? '')).toEqual({ spec: { loadBalancerSourceRanges: value ?? null } });
  });
});
