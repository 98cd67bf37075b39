import { fileSource, type FileObjects } from '#src/iac/source.ts';
import { gatherNetwork } from '#src/map/gather.ts';
import { pictureOf } from '#src/map/links.ts';
import { NEWEST_KNOWN } from '#src/model/version.ts';
import { readInPart, type NetworkObjects } from '#src/network/collect.ts';
import { networkMap } from '#src/network/connectivity.ts';
import type { MapCounts, MapPart, MapRecord } from './map-records.ts';
import type { Notes } from './notes.ts';
import { amount } from './output/words.ts';
import type { Where } from './records.ts';
import { renderInputs } from './render-inputs.ts';
import { contentRecords, createCount, findInputs, isNothingRead, noteGaps, NothingReadable, readInput, readTerraform, type FileNeeds, type FileTarget } from './scan-files.ts';

export type MapFileNeeds = Pick<FileNeeds, 'stdin' | 'signal' | 'notes' | 'searchPath'>;

/** Maps files, each on its own or all as one cluster. @throws {UsageError} before anything is given out, {NothingReadable} at the end. */
export async function* mapFiles(target: FileTarget, needs: MapFileNeeds): AsyncGenerator<MapPart, MapCounts> {
  const found = await findInputs(target);
  const count = createCount();
  const kept: FileObjects[] = [];
  const { files, contents, unreadable } = await renderInputs(target, found, { ...needs, version: NEWEST_KNOWN });
  for (const { name, reason } of unreadable) {
    count.unreadable += 1;
    yield { type: 'unreadable', file: name, reason };
  }
  const terraform = await readTerraform(target, found, needs);
  for (const [index, file] of files.entries()) {
    needs.signal.throwIfAborted();
    needs.notes.progress(`${index} of ${files.length} files`);
    const content = contents.get(file.name) ?? terraform.get(file.name) ?? (await readInput(file, needs));
    const objects: FileObjects = { name: file.name, objects: 'reason' in content ? [] : content.objects };
    if (target.isolate === 'none') kept.push(objects);
    else if (objects.objects.length > 0) yield await mapOf([objects], { file: file.name }, needs);
    yield* contentRecords(file.name, content, count);
  }
  if (target.isolate === 'none') yield await mapOf(kept, kept.length === 1 && kept[0] !== undefined ? { file: kept[0].name } : {}, needs);
  noteGaps(found, count, needs.notes);
  if (isNothingRead(count, unreadable)) throw new NothingReadable('There is nothing under the given paths that could be read.');
  return { files: count.files, objects: count.objects, unreadable: count.unreadable };
}

async function mapOf(files: readonly FileObjects[], where: Where, { signal, notes }: MapFileNeeds): Promise<MapRecord> {
  const { network, unresolved } = await gatherNetwork(fileSource(files, NEWEST_KNOWN), signal);
  noteUnread(where.file, network, notes);
  if (unresolved > 0) notes.note(`${amount(unresolved, 'object')} with values that are only known when the files are applied ${unresolved === 1 ? 'is' : 'are'} not on the map.`);
  return { type: 'map', where, map: networkMap(network), picture: () => pictureOf(network, { complete: false, signal }) };
}

/** The map would otherwise pass for all there is. */
export function noteUnread(where: string | undefined, network: Pick<NetworkObjects, 'unread' | 'adminPolicies'>, notes: Notes): void {
  const place = where === undefined ? '' : `${where}: `;
  for (const { kind, name, unclear } of readInPart(network)) {
    const places = [...new Set([...unclear.ingress, ...unclear.egress])];
    const what = places.length > 0 ? `is not understood at ${places.join(', ')}: that part of it is not in the map` : 'names nodes, domains or networks that pods may be in: the map shows it for what is sure';
    notes.note(`${place}${kind} ${name} ${what}.`);
  }
  const policies = network.unread.length;
  if (policies > 0) notes.note(`${place}${amount(policies, 'network policy').replace('policys', 'policies')} that only Cilium or Calico read ${policies === 1 ? 'is' : 'are'} not part of the map, which may show connections that they close.`);
}
