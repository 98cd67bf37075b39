import { defineContainerCheck } from '#src/model/check.ts';
import { parseImage } from '#src/model/image.ts';
import { textAt } from '#src/model/raw.ts';
import { mitre } from '#src/model/references.ts';

type Version = readonly [major: number, minor: number, patch: number];

interface Advisory {
  readonly cve: string;
  readonly what: string;
  /** The first good version of each release line that has one; lines before the first were never mended. */
  readonly mended: readonly Version[];
}

const ADVISORIES: readonly Advisory[] = [{ cve: 'CVE-2022-24348', what: 'a chart reads files of other applications', mended: [[2, 1, 9], [2, 2, 4], [2, 3, 0]] }];

const REPOSITORY = /(^|\/)argoproj\/argo-?cd$|(^|\/)argo-?cd$/;
const TAG = /^v?(\d+)\.(\d+)\.(\d+)(-[\w.]+)?(\+.*)?$/;

/** Reports each container of Argo CD in a version with a known hole, by its tag. */
export const check = defineContainerCheck({
  id: 'exposure/argo-cd-vulnerable',
  title: 'Argo CD is of a version without known holes',
  severity: 'critical',
  tips: [3],
  why: 'Whoever may add an application reads passwords and keys of all the others.',
  fix: 'Update Argo CD to the newest version of a supported release line.',
  sources: [{ title: 'CVE-2022-24348', url: 'https://github.com/argoproj/argo-cd/security/advisories/GHSA-63qx-x74g-jcr7' }, mitre('T1190')],
  *judge(container) {
    const image = parseImage(textAt(container.raw, 'image') ?? '');
    if (image === undefined || !REPOSITORY.test(image.repository)) return;
    const [, major, minor, patch, pre] = TAG.exec(image.tag ?? '') ?? [];
    if (major === undefined) {
      yield { severity: 'info', path: ['image'], message: 'The version of Argo CD cannot be told from its image' };
      return;
    }
    const version: Version = [Number(major), Number(minor), Number(patch)];
    const advisory = ADVISORIES.find((candidate) => isConcerned(version, pre !== undefined, candidate));
    if (advisory !== undefined) yield { path: ['image'], message: `Argo CD ${String(image.tag)} has ${advisory.cve}: ${advisory.what}` };
  },
});

/** A version before the first good one of its line. A preview is before its release. */
function isConcerned(version: Version, isPreview: boolean, { mended }: Advisory): boolean {
  const line = mended.find(([major, minor]) => major === version[0] && minor === version[1]);
  if (line !== undefined) return version[2] < line[2] || (isPreview && version[2] === line[2]);
  const [first] = mended;
  return first !== undefined && (version[0] < first[0] || (version[0] === first[0] && version[1] < first[1]));
}
