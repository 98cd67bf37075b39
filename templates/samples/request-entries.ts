import type { RequestEntry } from '../parts/request-entry.ts';
import { SAMPLE_ACCESS, SAMPLE_REMOVAL, SAMPLE_REQUESTS } from './request.ts';

export const SAMPLE_ENTRIES: readonly RequestEntry[] = [
  { request: SAMPLE_REMOVAL, mayDecide: true, isMine: false },
  { request: SAMPLE_ACCESS, mayDecide: false, isMine: true },
  { request: SAMPLE_REQUESTS['first of two'], mayDecide: false, isMine: false },
  { request: { ...SAMPLE_REQUESTS['access active'], id: 'a1b2c3' }, mayDecide: false, isMine: true },
  { request: { ...SAMPLE_REQUESTS.failed, id: 'f4d5e6' }, mayDecide: true, isMine: false },
];
