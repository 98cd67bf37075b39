import { describe, expect, test } from '@jest/globals';
import type { ApiClient, ApiRequest, ApiResponse } from '#src/kube/request.ts';
import { openCluster } from '#src/kube/source.ts';
import { kindInfo, KINDS, type Kind } from '#src/model/kinds.ts';
import { NotListed, type ObjectSource } from '#src/model/source.ts';

const FILES = (Object.keys(KINDS) as Kind[]).filter((kind) => kindInfo(kind).fileOnly);
const signal = new AbortController().signal;

describe('src/kube/source.ts', () => {
  test.each([['tells its groups', true], ['does not tell its groups', false]])('never asks for configuration files a server that %s', async (_, tellsGroups) => {
    const asked: string[] = [];
    const source = await openCluster(clientOf(asked, tellsGroups), signal);
    asked.length = 0;

    for (const kind of FILES) {
      const reason = await refusalOf(source, kind);

      expect(reason).toBeInstanceOf(NotListed);
      expect(reason).toMatchObject({ absent: true });
    }
    expect(FILES.length).toBeGreaterThan(0);
    expect(asked).toEqual([]);
  });

  test('takes the kinds of an add-on for absent where the server does not serve its group', async () => {
    const source = await openCluster(clientOf([], true), signal);

    expect(await refusalOf(source, 'PeerAuthentication')).toMatchObject({ absent: true });
  });
});

async function refusalOf(source: ObjectSource, kind: Kind): Promise<unknown> {
  try {
    for await (const page of source.list(kind, signal)) return page;
  } catch (error) {
    return error;
  }
  return undefined;
}

function clientOf(asked: string[], tellsGroups: boolean): ApiClient {
  const answer = ({ path }: ApiRequest): Pick<ApiResponse, 'status' | 'body'> => {
    asked.push(path);
    if (path === '/version') return { status: 200, body: Buffer.from('{"gitVersion":"v1.37.2"}') };
    if (path === '/apis' && tellsGroups) return { status: 200, body: Buffer.from('{"groups":[{"name":"apps","preferredVersion":{"version":"v1"}}]}') };
    return { status: 404, body: Buffer.from('{}') };
  };
  return { send: (request) => Promise.resolve({ headers: {}, ...answer(request) }), certificates: () => undefined, close: () => undefined };
}
