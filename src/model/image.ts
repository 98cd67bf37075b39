import { knownObjectsAt, textAt, unknownLast, type RawObject, type Step } from './raw.ts';
import type { Container, PodView } from './workload.ts';

/** An image reference as a container runtime resolves it. */
export interface Image {
  /** With its port, in lower case; `docker.io` where none is named. */
  readonly registry: string;
  /** Below the registry: `library/nginx` for `nginx`. */
  readonly repository: string;
  readonly tag?: string;
  /** With its algorithm. It wins over a tag. */
  readonly digest?: string;
}

/** An image that a pod template names, with who uses it. */
export interface UsedImage extends Image {
  /** The reference as written. */
  readonly written: string;
  /** For people: `Container api` or `Volume models`. */
  readonly user: string;
  /** The container, absent for the image of a volume, and the path from the root of the object. */
  readonly place: { readonly container?: string; readonly path: readonly Step[] };
}

const DOCKER_HUB = 'docker.io';
/** Older names of Docker Hub. */
const DOCKER_HUB_ALIASES: ReadonlySet<string> = new Set(['index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com']);
/** Only the first step may hold a colon, for the port of a registry; any other begins a tag. */
const REFERENCE = /^((?:[\w.:[\]-]+\/)?(?:[\w.-]+\/)*[\w.-]+)(?::(\w[\w.-]*))?(?:@([\w+.-]+:\w+))?$/;

/** Undefined for a text that no runtime would take as a reference. */
export function parseImage(reference: string): Image | undefined {
  const [, name, tag, digest] = REFERENCE.exec(reference) ?? [];
  if (name === undefined) return undefined;
  return { ...resolveName(name), ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}

/** Whether what the reference names can be replaced without the reference changing: no digest, and the tag `latest` or none. */
export function isMutable(image: Image): boolean {
  return image.digest === undefined && (image.tag === undefined || image.tag === 'latest');
}

/** Whether an image is from a place: a registry, or a repository or folder of repositories below one (`ghcr.io/acme`). */
export function isFrom(image: Image, place: string): boolean {
  const [first = '', ...rest] = place.replace(/\/+$/, '').split('/');
  const steps = isRegistry(first) ? [canonicalRegistry(first), ...rest] : [DOCKER_HUB, first, ...rest];
  return `${image.registry}/${image.repository}/`.startsWith(`${steps.join('/')}/`);
}

/**
 * The images of a pod's containers and image volumes, as far as references are written that a runtime would take.
 *
 * That one is not known is only met when the known ones have gone by.
 */
export function imagesOf(pod: PodView): Iterable<UsedImage> {
  const ofContainer = ({ name, raw, path }: Container) => usedImage(textAt(raw, 'image'), `Container ${name}`, { container: name, path: [...path, 'image'] });
  const ofVolume = ([index, volume]: readonly [number, RawObject]) =>
    usedImage(textAt(volume, 'image', 'reference'), `Volume ${textAt(volume, 'name') ?? `#${index}`}`, { path: [...pod.path, 'volumes', index, 'image', 'reference'] });
  return unknownLast([() => unknownLast(pod.knownContainers(), ofContainer), () => unknownLast(knownObjectsAt(pod.spec, 'volumes'), ofVolume)], (images) => images());
}

function usedImage(written: string | undefined, user: string, place: UsedImage['place']): readonly UsedImage[] {
  const image = parseImage(written ?? '');
  return written === undefined || image === undefined ? [] : [{ ...image, written, user, place }];
}

/** Docker's rule: the first step is a registry when it could not be a user of Docker Hub. */
function resolveName(name: string): Pick<Image, 'registry' | 'repository'> {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const named = slash !== -1 && isRegistry(first);
  const registry = named ? canonicalRegistry(first) : DOCKER_HUB;
  const repository = named ? name.slice(slash + 1) : name;
  return { registry, repository: registry === DOCKER_HUB && !repository.includes('/') ? `library/${repository}` : repository };
}

function isRegistry(first: string): boolean {
  return /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
}

function canonicalRegistry(named: string): string {
  const registry = named.toLowerCase();
  return DOCKER_HUB_ALIASES.has(registry) ? DOCKER_HUB : registry;
}
