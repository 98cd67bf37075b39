import { describe, expect, test } from '@jest/globals';
import type { Workspace } from '#src/sandbox/slack/page/contract.ts';
import { viewFor } from '#src/sandbox/web/shell/places.ts';
import { WORKSPACE } from '../show.tsx';

const [prod, priv] = WORKSPACE.channels;
const outside = ({ directMessage: _own, ...rest }: Workspace): Workspace => rest;

describe('src/sandbox/web/shell/places.ts', () => {
  test.each([
    ['the channel asked for', WORKSPACE, { kind: 'channel', name: 'sec-private' }, { kind: 'channel', name: 'sec-private' }],
    ['another one than that which cannot be opened', WORKSPACE, { kind: 'channel', name: 'leads' }, { kind: 'channel', name: 'sec-prod' }],
    ['the Home tab', WORKSPACE, { kind: 'home' }, { kind: 'home' }],
    ['no Home tab to people of another workspace', outside(WORKSPACE), { kind: 'home' }, { kind: 'channel', name: 'sec-prod' }],
    ['at first a channel where the app is and the person can write', { ...WORKSPACE, channels: [{ ...priv, hasApp: false }, prod] }, undefined, { kind: 'channel', name: 'sec-prod' }],
    ['the direct message where there is no channel', { ...WORKSPACE, channels: [] }, undefined, { kind: 'messages' }],
    ['nothing where there is nothing', outside({ ...WORKSPACE, channels: [] }), undefined, undefined],
  ])('shows %s', (_what, workspace, asked, expected) => {
    expect(viewFor(workspace as Workspace, asked as Parameters<typeof viewFor>[1])).toEqual(expected);
  });
});
