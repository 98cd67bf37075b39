import { randomBytes } from 'node:crypto';
import type { Queue } from '#src/model/job.ts';
import type { Maps, MapSnapshots } from '#src/model/network-map.ts';
import { job as drawMap } from '#jobs/draw-map.ts';

/** Network maps as people ask for them: each asking is a job of its own. */
export function createMaps(snapshots: MapSnapshots, queue: Queue): Maps {
  return {
    ...snapshots,
    async ask(request) {
      const id = randomBytes(5).toString('hex');
      await queue.add({ job: drawMap, payload: { id, ...request }, id: `draw-map-${id}` });
    },
  };
}
