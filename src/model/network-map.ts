/** Whoever is on the internet, by way of a door. */
export const INTERNET = 'internet';
/** Every workload of the cluster that no policy keeps from it. */
export const ANY_WORKLOAD = 'any workload';
/** Addresses outside of the cluster, as the end of a connection. */
export const OUTSIDE = 'outside';

/** A connection that is possible, or many that are alike. Nobody may ever have made it. */
export interface MapLink {
  /** `namespace/name[Kind]`, `INTERNET` or `ANY_WORKLOAD`. */
  readonly from: string;
  /** `namespace/name[Kind]`, `ANY_WORKLOAD` or `OUTSIDE`. */
  readonly to: string;
  /** `all`, or `TCP/80`, `UDP/53`, `SCTP/1-99`. */
  readonly ports: readonly string[];
  /** What leads in: `LoadBalancer shop/web`. */
  readonly door?: string;
  /** Addresses of the end outside, where not all of them are meant. */
  readonly ranges?: readonly string[];
  /** The door is there, but policies let nothing through. */
  readonly closed?: true;
}

/** What is possible in the network of a cluster at one moment. */
export interface NetworkPicture {
  readonly workloads: readonly string[];
  readonly links: readonly MapLink[];
  /** Connections that are not among the links, because they are too many. */
  readonly unlisted: number;
  /** Policies that are not read, or not in full: they may close what is shown as possible, or open more. */
  readonly unread: number;
}

export interface MapSnapshot extends NetworkPicture {
  /** ISO 8601. */
  readonly at: string;
}

/** What was possible in the last days, one picture a day. */
export interface MapSnapshots {
  /** The last one of an earlier day. */
  readonly before: (cluster: string, day: string) => Promise<MapSnapshot | undefined>;
  /** Takes the place of another one of the same day. */
  readonly keep: (cluster: string, day: string, snapshot: MapSnapshot) => Promise<void>;
}

/** How an observed connection stands: `learned` was seen while its workload was being learned; `unanswered` was asked about in vain. */
export type ObservedStanding = 'denied' | 'pending' | 'unanswered' | 'learned' | 'approved';

/** A connection with the outside that was made or attempted, or several that are alike. */
export interface ObservedLink {
  /** `namespace/name[Kind]` */
  readonly workload: string;
  readonly direction: 'egress' | 'ingress';
  /** A DNS name, a named group of ranges, or an address. */
  readonly remote: string;
  readonly standing: ObservedStanding;
  /** `TCP/443` */
  readonly ports: readonly string[];
  readonly count: number;
  /** First seen since yesterday. */
  readonly isNew: boolean;
}

export interface MapRequest {
  readonly cluster: string;
  readonly namespace?: string;
  /** Where it is posted. */
  readonly channel: string;
  readonly person: string;
}

/** Network maps, asked for here and drawn by a job. */
export interface Maps extends MapSnapshots {
  readonly ask: (request: MapRequest) => Promise<void>;
}

/** Compared with an earlier day. */
export type MapMark = 'new' | 'gone';

export interface MarkedLink extends MapLink {
  readonly mark?: MapMark;
}
