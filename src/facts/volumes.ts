import { defineFacts, type Subject } from '#src/model/check.ts';
import { volumeView, type VolumeView } from '#src/model/persistent-volume.ts';

export interface Volume extends VolumeView {
  readonly subject: Subject;
}

/** The PersistentVolumes of the cluster. */
export const volumes = defineFacts({
  name: 'volumes',
  reads: ['PersistentVolume'],
  keeps: 'the class, claim and driver of each PersistentVolume, and what it says about encryption',
  start: (): Volume[] => [],
  add(state, object, subject) {
    state.push({ subject, ...volumeView(object) });
  },
});
