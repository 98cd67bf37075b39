/** What is known of the marks that the bot leaves in the audit log of a cluster, to see whether that log comes in. */
export interface SelfTest {
  /** When the last mark was left; undefined before the first one. */
  readonly leftMs?: number;
  /** When the first of those was left that came after the last one that is back. */
  readonly missingSinceMs?: number;
  /** When a mark came back last; undefined where none ever did: then nobody knows whether the log has them at all. */
  readonly backMs?: number;
  /** A cluster whose mark came by the feed of this one, and when last. */
  readonly foreign?: { readonly cluster: string; readonly atMs: number };
}

export interface SelfTests {
  readonly of: (cluster: string) => Promise<SelfTest>;
  /** A mark is about to be left, and may come back at any moment from now on. */
  readonly announce: (cluster: string, mark: string) => Promise<void>;
  /** It was left. */
  readonly left: (cluster: string, atMs: number) => Promise<void>;
  /** Marks came by the feed of a cluster. Those that nobody announced within a day mean nothing. */
  readonly came: (cluster: string, marks: readonly string[], atMs: number) => Promise<void>;
}

/** In the user agent, which audit logs of every form keep. Nobody can guess the rest. */
const PREFIX = 'k8ssec-self-test-';
const MARK = new RegExp(`${PREFIX}([\\da-f]{32})`, 'g');

/** The user agent of a request that leaves a mark of 32 hexadecimal digits. */
export function markingAgent(mark: string): string {
  return `${PREFIX}${mark}`;
}

/** The marks in a piece of an audit log, whatever its form, each once. */
export function marksIn(text: string): readonly string[] {
  // Nearly every piece has none.
  return text.includes(PREFIX) ? [...new Set([...text.matchAll(MARK)].flatMap(([, mark]) => mark ?? []))] : [];
}
