import { describe, expect, test } from '@jest/globals';
import type { ChannelMessages, PageEvent } from '#src/sandbox/slack/page/contract.ts';
import type { SandboxApi } from '#src/sandbox/web/client/api.ts';
import { createStore, type Store } from '#src/sandbox/web/client/store.ts';
import { WORKSPACE } from '../show.tsx';

interface Line {
  readonly store: Store;
  readonly hear: (event: PageEvent | undefined) => Promise<void>;
  /** What was read since the last time of asking. */
  readonly reads: () => readonly string[];
  /** The event is heard while the next reading is under way. */
  readonly meanwhile: (event: PageEvent) => void;
  /** Makes every reading fail. */
  readonly fail: (isFailing: boolean) => void;
}

function connected(): Line {
  let reads: string[] = [];
  let isFailing = false;
  let heardMeanwhile: PageEvent | undefined;
  let hear: (event: PageEvent | undefined) => void = () => undefined;
  async function read<Answer>(what: string, answer: Answer): Promise<Answer> {
    reads.push(what);
    const event = heardMeanwhile;
    heardMeanwhile = undefined;
    if (event !== undefined) hear(event);
    if (isFailing) throw new Error('The sandbox answered 500.');
    return answer;
  }
  const api: SandboxApi = {
    workspace: () => read('workspace', WORKSPACE),
    messages: (channel) => read<ChannelMessages>(`messages ${channel}`, { channel, messages: [] }),
    home: () => read('home', {}),
    modals: () => read('modals', { modals: [] }),
    act: async ({ do: what }) => {
      reads.push(`act ${what}`);
      return { ok: true };
    },
    listen: (told) => {
      hear = told;
      return () => undefined;
    },
  };
  const store = createStore(api, WORKSPACE);
  store.start();
  return {
    store,
    hear: async (event) => {
      hear(event);
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    },
    reads: () => {
      const before = reads;
      reads = [];
      return before;
    },
    meanwhile: (event) => {
      heardMeanwhile = event;
    },
    fail: (now) => {
      isFailing = now;
    },
  };
}

describe('src/sandbox/web/client/store.ts', () => {
  test('reads only what an event is about', async () => {
    const { store, hear, reads } = connected();
    await store.openChannel('CPROD');
    await hear({ about: 'workspace' });
    reads();

    await hear({ about: 'messages', channel: 'CPROD' });
    expect(reads()).toEqual(['messages CPROD']);
    await hear({ about: 'messages', channel: 'CPRIV' });
    expect(reads()).toEqual([]);
    await hear({ about: 'modals' });
    expect(reads()).toEqual(['modals']);
    await hear({ about: 'home' });
    expect(reads()).toEqual([]);
    await store.openHome();
    await hear({ about: 'home' });
    expect(reads()).toEqual(['act open-home', 'home', 'home']);
  });

  test('misses nothing that is published while the Home tab is first read', async () => {
    const { store, hear, reads, meanwhile } = connected();
    await hear({ about: 'workspace' });
    reads();

    meanwhile({ about: 'home' });
    await store.openHome();
    await hear({ about: 'messages', channel: 'CPRIV' });

    expect(reads()).toEqual(['act open-home', 'home', 'home']);
  });

  test('reads everything shown again once a lost line is back', async () => {
    const { store, hear, reads } = connected();
    await hear({ about: 'workspace' });
    await store.openChannel('CPROD');
    reads();

    await hear(undefined);
    expect(store.state().isConnected).toBe(false);
    await hear({ about: 'workspace' });

    expect(store.state().isConnected).toBe(true);
    expect([...reads()].sort()).toEqual(['messages CPROD', 'modals', 'workspace']);
  });

  test('says when something could not be read, and reads everything at the next event', async () => {
    const { store, hear, reads, fail } = connected();
    await hear({ about: 'workspace' });
    fail(true);
    await hear({ about: 'modals' });
    expect(store.state().fault).toBe('The sandbox answered 500.');
    reads();

    fail(false);
    await hear({ about: 'modals' });

    expect([...reads()].sort()).toEqual(['modals', 'workspace']);
    expect(store.state().fault).toBeUndefined();
  });

  test('tells its subscribers until they leave', async () => {
    const { store, hear } = connected();
    let told = 0;
    const leave = store.subscribe(() => (told += 1));

    await hear({ about: 'workspace' });
    expect(told).toBeGreaterThan(0);
    leave();
    const before = told;
    await hear({ about: 'workspace' });

    expect(told).toBe(before);
  });
});
