import type { NetworkPicture } from '#src/model/network-map.ts';
import type { NetworkMap } from '#src/network/connectivity.ts';
import type { ClusterRecord, FileRecord, UnreadableRecord, Where } from './records.ts';

/** The map of one cluster, or of the files that stand for one. */
export interface MapRecord {
  readonly type: 'map';
  readonly where: Where;
  readonly map: NetworkMap;
  /** What is drawn of it. */
  readonly picture: () => Promise<NetworkPicture>;
}

/** The end of a result. `findings` counts the edges. */
export interface MapSummary {
  readonly type: 'summary';
  readonly files: number;
  /** Absent for files. */
  readonly clusters?: number;
  readonly objects: number;
  readonly unreadable: number;
  readonly checks: readonly ['map'];
  readonly findings: number;
}

export type MapPart = MapRecord | UnreadableRecord | FileRecord | ClusterRecord;

/** What was read besides the maps, once it is known. */
export type MapCounts = Pick<MapSummary, 'files' | 'clusters' | 'objects' | 'unreadable'>;
