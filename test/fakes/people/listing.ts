import type { PeopleList, PeopleSourceType } from '#src/model/people.ts';
import { createSourceDeps, type FakeSourceDeps } from './deps.ts';
import { startHttpStandIn, type HttpAsked, type HttpReply } from './server.ts';
import type { Vendor } from './vendor.ts';

export interface Listing {
  readonly list: PeopleList;
  readonly asked: readonly HttpAsked[];
  readonly deps: FakeSourceDeps;
}

/** Lists people once from a stand-in that is started for it. What `answer` leaves out, the vendor answers without anybody in it. */
export async function listOnce(type: PeopleSourceType, vendor: Vendor, answer: (asked: HttpAsked, url: string) => HttpReply | undefined, more: Readonly<Record<string, unknown>> = {}): Promise<Listing> {
  const server = await startHttpStandIn((asked, url) => answer(asked, url) ?? vendor.answer(asked, { accounts: [], pageSize: 100, origin: url }));
  const deps = createSourceDeps(vendor.secrets);
  try {
    const settings = type.settings.parse({ ...vendor.settings(server.url), ...more });
    return { list: await type.create(settings, 'people', deps).list(new AbortController().signal), asked: server.asked, deps };
  } finally {
    await server.stop();
  }
}
