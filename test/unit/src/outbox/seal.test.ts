import { describe, expect, test } from '@jest/globals';
import type { KnownBlock } from '@slack/types';
import { actions, button, message, section } from '#src/blocks/build.ts';
import { checkMessage } from '#src/blocks/checker.ts';
import { md } from '#src/blocks/text.ts';
import { isObject } from '#src/model/raw.ts';
import { sealMessage } from '#src/outbox/seal.ts';

const issue = (action: { readonly command: string; readonly args: readonly string[] }) => Promise.resolve(`token-${action.command}-${action.args.join('-')}`);
const explain = (id: string) => button('Details', { command: 'explain', args: [id] });

describe('src/outbox/seal.ts', () => {
  test('puts tokens in place of what buttons do, in actions and beside text', async () => {
    const sealed = await sealMessage(message('T', [section(md`a`, explain('1')), actions(explain('2'), button('Scan', { command: 'scan', args: ['prod-eu'] }))]), issue);

    expect(valuesOf(sealed.blocks)).toEqual([['explain:1', 'token-explain-1'], ['explain:2', 'token-explain-2'], ['scan:3', 'token-scan-prod-eu']]);
    expect(JSON.stringify(sealed)).not.toContain('"args"');
  });

  test('tells buttons with the same verb apart, so that Slack takes them', async () => {
    const unsealed = message('T', [actions(explain('1'), explain('2'))]);

    expect(checkMessage(unsealed)).not.toEqual([]);
    expect(checkMessage(await sealMessage(unsealed, issue))).toEqual([]);
  });

  test('leaves everything else as it is', async () => {
    const link: KnownBlock = { type: 'actions', elements: [{ type: 'button', text: { type: 'plain_text', text: 'Open' }, url: 'https://example.com' }] };
    const plain = message('T', [section(md`a`), link]);

    expect(await sealMessage(plain, issue)).toEqual(plain);
  });
});

function valuesOf(blocks: readonly KnownBlock[]): readonly unknown[] {
  const buttons = blocks.flatMap((block): readonly unknown[] => (block.type === 'actions' ? block.elements : block.type === 'section' ? [block.accessory] : []));
  return buttons.map((element) => (isObject(element) ? [element.action_id, element.value] : element));
}
