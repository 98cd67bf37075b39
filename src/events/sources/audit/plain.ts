import type { AuditEvent } from '#src/model/audit-event.ts';
import { doingOf, presenceOf, toolOf, type AuditInterest, type Doing, type PlainRequest, type Presence } from '#src/model/presence.ts';
import { accountOf } from '#src/model/principal.ts';
import type { RawObject } from '#src/model/raw.ts';
import { canBeTried } from './dry-run.ts';
import { HashTable, type Hash } from './hashes.ts';
import { readNative } from './native.ts';
import type { AuditScanner } from './scan.ts';
import { HASHED, SLOT } from './scan-tables.ts';
import { ScannedTime } from './scanned-time.ts';

interface Who {
  readonly showsSign: boolean;
  /** A ServiceAccount, whose token a person may have. */
  readonly isAccount: boolean;
  readonly presence: Presence;
}

interface What {
  readonly isConcerned: boolean;
  readonly canBeTried: boolean;
  readonly isDelete: boolean;
  readonly doing: Doing;
}

/** Of each kind that are remembered: a cluster is mostly asked the same by the same. */
const KNOWN = 16_384;
const [DIGIT_0, DIGIT_1, DIGIT_3, DIGIT_9] = [0x30, 0x31, 0x33, 0x39];
const IDENTITY_BITS = HASHED.identity.reduce<number>((bits, slot) => bits | (1 << slot), 0);
const CODE_DIGITS = 3;

/** Makes what it knows of a request by the same means as the reader of parsed events, once for all requests that say the same. */
export class PlainReader {
  private readonly scanner: AuditScanner;
  private readonly interest: AuditInterest;
  private readonly time: ScannedTime;
  private readonly whos = new HashTable<Who>(KNOWN);
  private readonly whats = new HashTable<What | 'stage'>(KNOWN);
  private readonly agents = new HashTable<'tool' | 'other'>(KNOWN);
  private readonly hash: Hash = { low: 0, high: 0 };

  constructor(scanner: AuditScanner, interest: AuditInterest) {
    this.scanner = scanner;
    this.interest = interest;
    this.time = new ScannedTime(scanner);
  }

  /** The event that the scanner has chosen, if it is plain, with its identity in `id`. Undefined for any other: it is to be parsed. */
  read(id: Hash): PlainRequest | 'stage' | undefined {
    const { scanner } = this;
    if (!scanner.has(SLOT.verb) || !scanner.has(SLOT.username) || !scanner.has(SLOT.stage)) return undefined;
    const what = this.what();
    if (what === undefined || what === 'stage') return what;
    if (what.isConcerned || !isSuccess(scanner) || (what.canBeTried && mayBeTried(scanner, what.isDelete))) return undefined;
    const who = this.who();
    if (who === undefined || who.showsSign || (who.isAccount && this.mayBeTool()) || !identify(scanner, id)) return undefined;
    return { plain: who.presence, timeMs: this.time.read(), doing: what.doing };
  }

  private who(): Who | undefined {
    if (!this.scanner.hash('who', this.hash)) return undefined;
    const known = this.whos.get(this.hash);
    if (known !== undefined) return known;
    const who = whoOf(this.scanner, this.interest);
    this.whos.add(this.hash, who);
    return who;
  }

  /** Whether all of the request tells whether it comes from a tool that people use. */
  private mayBeTool(): boolean {
    if (!this.scanner.has(SLOT.userAgent)) return false;
    if (!this.scanner.hash('agent', this.hash)) return true;
    const known = this.agents.get(this.hash);
    if (known !== undefined) return known === 'tool';
    const agent = toolOf(eventOf(`"userAgent":${this.scanner.raw(SLOT.userAgent)}`)?.userAgent) === undefined ? 'other' : 'tool';
    this.agents.add(this.hash, agent);
    return agent === 'tool';
  }

  private what(): What | 'stage' | undefined {
    if (!this.scanner.hash('what', this.hash)) return undefined;
    const known = this.whats.get(this.hash);
    if (known !== undefined) return known;
    const what = whatOf(this.scanner, this.interest);
    this.whats.add(this.hash, what);
    return what;
  }
}

function whoOf(scanner: AuditScanner, interest: AuditInterest): Who {
  const groups = scanner.has(SLOT.groups) ? `,"groups":${scanner.raw(SLOT.groups)}` : '';
  const addresses = scanner.has(SLOT.sourceIPs) ? `,"sourceIPs":${scanner.raw(SLOT.sourceIPs)}` : '';
  const reason = scanner.has(SLOT.reason) ? `,"annotations":{"authorization.k8s.io/reason":${scanner.raw(SLOT.reason)}}` : '';
  const event = eventOf(`"user":{"username":"${scanner.raw(SLOT.username)}"${groups}}${addresses}${reason},"responseStatus":{"code":200}`);
  if (event === undefined) return { showsSign: true, isAccount: false, presence: {} };
  return { showsSign: interest.showsSign(event), isAccount: accountOf(event.user.name) !== undefined, presence: presenceOf(event) };
}

function whatOf(scanner: AuditScanner, interest: AuditInterest): What | 'stage' {
  const reference = (['resource', 'subresource', 'namespace', 'apiGroup', 'apiVersion'] as const).flatMap((name) => (scanner.has(SLOT[name]) ? [`"${name}":${scanner.raw(SLOT[name])}`] : []));
  const event = eventOf(`"verb":"${scanner.raw(SLOT.verb)}","stage":"${scanner.raw(SLOT.stage)}","objectRef":{${reference.join(',')}}`);
  if (event === undefined) return 'stage';
  return { isConcerned: interest.concerns(event), canBeTried: canBeTried(event), isDelete: event.verb.startsWith('delete'), doing: doingOf(event) };
}

function eventOf(fields: string): AuditEvent | undefined {
  return readNative(JSON.parse(`{${fields}}`) as RawObject);
}

/** With a code from 100 to 399. */
function isSuccess(scanner: AuditScanner): boolean {
  const start = scanner.start(SLOT.code);
  if (!scanner.has(SLOT.code) || scanner.end(SLOT.code) - start !== CODE_DIGITS) return false;
  const { bytes } = scanner;
  return isBetween(bytes[start], DIGIT_1, DIGIT_3) && isBetween(bytes[start + 1], DIGIT_0, DIGIT_9) && isBetween(bytes[start + 2], DIGIT_0, DIGIT_9);
}

function isBetween(byte: number | undefined, first: number, last: number): boolean {
  return byte !== undefined && byte >= first && byte <= last;
}

/** Whether only a look at all of the request tells. */
function mayBeTried(scanner: AuditScanner, isDelete: boolean): boolean {
  if ((isDelete && scanner.has(SLOT.requestObject)) || !scanner.has(SLOT.requestURI)) return true;
  const mayHaveQuery = scanner.isOdd(SLOT.requestURI) || scanner.hasEquals(SLOT.requestURI);
  return mayHaveQuery && scanner.text(SLOT.requestURI).includes('dryRun=');
}

/** The hash of the identity that the reader of parsed events gives the same event. */
function identify(scanner: AuditScanner, id: Hash): boolean {
  if (!scanner.hasAll(IDENTITY_BITS)) return false;
  if (scanner.isAnyOdd(IDENTITY_BITS)) return scanner.hashTexts(HASHED.identity.map((slot) => scanner.text(slot)), id);
  return scanner.hash('identity', id);
}
