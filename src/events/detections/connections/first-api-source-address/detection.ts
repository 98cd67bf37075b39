import { addressOf } from '#src/model/audit-event.ts';
import { userName } from '#src/model/audit-object.ts';
import { defineStatefulDetection } from '#src/model/detection.ts';
import { accountOf, isAnonymous, isSystemUser } from '#src/model/principal.ts';
import { nsa } from '#src/model/references.ts';
import { networkOf } from '#src/network/addresses.ts';
import { isForeign } from '../public-address.ts';

const DAY_MS = 24 * 3600_000;
/** Addresses, and users with their networks, that are remembered at once. Whoever was quiet longest is forgotten first. */
const MAX_KEYS = 10_000;

interface Seen {
  /** Undefined for an address of the cluster or the site. */
  readonly networks: Map<string, string | undefined>;
  /** By user and network, the latest day of which a request was told. */
  readonly days: Map<string, number>;
}

/**
 * Tells of the networks that a user or account comes from, at most once a day each; whoever keeps them for longer knows which of them is new.
 *
 * Private addresses are left out: in an audit log those of pods and nodes look like those of an office.
 */
export const detection = defineStatefulDetection({
  id: 'connections/first-api-source-address',
  title: 'A user or account came from a network that it was not seen in before',
  severity: 'medium',
  tips: [7, 8],
  why: 'Somebody may use a credential that is not theirs, or somebody is on a journey or has a new connection.',
  fix: 'Ask the person, or whoever runs what has the account, whether it was them; end the credential if it was not. Name the networks of offices and nodes in the configuration.',
  sources: [nsa('Audit Logging and Threat Detection')],
  onlyLive: 'which networks are usual is known only to the bot, which learns it for the first 24 hours in which it hears of a cluster',
  keeps: 'for each user and network of the Internet the latest day, for ten thousand of them',
  start: (): Seen => ({ networks: new Map(), days: new Map() }),
  audit: {
    when: ['from-public-address'],
    *judge(event, { settings }, { networks, days }) {
      const { user, outcome, timeMs } = event;
      const address = addressOf(event);
      // Components and nodes have a detection of their own.
      if (address === undefined || outcome === 'refused' || user.name === '' || isAnonymous(user) || (accountOf(user.name) === undefined && isSystemUser(user))) return;
      const network = networks.has(address) ? networks.get(address) : isForeign(address, settings) ? networkOf(address) : undefined;
      remember(networks, address, network);
      if (network === undefined) return;
      const key = JSON.stringify([user.name, network]);
      const known = days.get(key);
      const day = timeMs === undefined ? (known ?? 0) : Math.floor(timeMs / DAY_MS);
      remember(days, key, Math.max(day, known ?? 0));
      if (known !== undefined && day <= known) return;
      yield { message: `${userName(event)} came from ${address}, the first time from ${network}`, object: null, group: [network] };
    },
  },
});

/** The one used last stands at the end. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  const [quietest] = map.size > MAX_KEYS ? map.keys() : [];
  if (quietest !== undefined) map.delete(quietest);
}
