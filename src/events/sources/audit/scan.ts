import { randomFillSync } from 'node:crypto';
import type { Hash } from './hashes.ts';
import { SCAN_WASM } from './scan.gen.ts';
import { HASHED, writeTables, type Hashed, type Slot, type Tables } from './scan-tables.ts';

/** As the parts of the module have them. */
const [KEY_AT, KEY_BYTES, TABLES_AT, TEXT_AT, TEXT_BYTES, RECORDS_AT, INPUT_AT] = [0x10, 16, 0x100, 0x4000, 0xbf00 - 0x4000, 0x10000, 0xc0000];
const [RECORD_BYTES, BEHIND_INPUT, PAGE_BYTES, WORD_BYTES] = [160, 64, 65_536, 4];
/** The word in which a walk over lines leaves where it ended. */
const LINE_AT = 2;
/** Words of a record. */
const [START, END, HAS, ODD, SLOTS] = [0, 1, 2, 3, 4];
/** What is longer is left to whoever parses it. */
const MAX_INPUT = 16 * 1024 * 1024;

const LIST_BEGINS = Buffer.from('{"kind":"EventList",');

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly scan: (at: number, end: number, list: number) => number;
  readonly lines: (at: number, end: number) => number;
  readonly hasEquals: (at: number, end: number) => number;
  readonly hash: (length: number) => void;
  readonly digest: (record: number, slots: number, count: number) => number;
}

let compiled: WebAssembly.Module | undefined;

/** What was scanned: one event, a list of them, or lines. */
export interface Scanned {
  readonly events: number;
  readonly isList: boolean;
  /** Bytes that are no part of the rest. */
  readonly length: number;
}

/**
 * Finds the parts of audit events in bytes, without making anything of them.
 *
 * What it says of slots is about the event that was chosen last, and holds until the next scan.
 */
export class AuditScanner {
  /** The bytes in which slots stand. */
  bytes: Buffer;
  private words: Int32Array;
  private record = RECORDS_AT / WORD_BYTES;
  private readonly wasm: Exports;
  private readonly tables: Tables;

  constructor() {
    compiled ??= new WebAssembly.Module(Buffer.from(SCAN_WASM, 'base64'));
    this.wasm = new WebAssembly.Instance(compiled).exports as unknown as Exports;
    this.bytes = Buffer.from(this.wasm.memory.buffer);
    this.words = new Int32Array(this.wasm.memory.buffer);
    this.tables = writeTables(this.bytes, TABLES_AT);
    randomFillSync(this.bytes, KEY_AT, KEY_BYTES);
  }

  /** Undefined when the input is neither one event nor one list of them, or may be no JSON: nothing is known of it then. */
  scan(input: Uint8Array): Scanned | undefined {
    const { length } = input;
    if (length > MAX_INPUT) return undefined;
    this.take(input);
    const isList = this.isList();
    const events = isList ? this.wasm.scan(INPUT_AT + LIST_BEGINS.length, INPUT_AT + length, this.tables.list) : this.wasm.scan(INPUT_AT, INPUT_AT + length, 0);
    return events === -1 ? undefined : { events, isList, length };
  }

  /** As many whole lines from the beginning as are one event each, none where a list stands. What follows begins with a line that is not one, or has not ended. */
  scanLines(input: Uint8Array): Scanned {
    const size = Math.min(input.length, MAX_INPUT);
    this.take(input.subarray(0, size));
    if (this.isList()) return { events: 0, isList: true, length: 0 };
    const events = this.wasm.lines(INPUT_AT, INPUT_AT + size);
    return { events, isList: false, length: (this.words[LINE_AT] ?? 0) - INPUT_AT };
  }

  choose(index: number): void {
    this.record = (RECORDS_AT + index * RECORD_BYTES) / WORD_BYTES;
  }

  has(slot: Slot): boolean {
    return (this.word(HAS) & (1 << slot)) !== 0;
  }

  /** Whether a text has an escape, or characters that are no ASCII. */
  isOdd(slot: Slot): boolean {
    return (this.word(ODD) & (1 << slot)) !== 0;
  }

  /** One bit for each slot. */
  hasAll(slots: number): boolean {
    return (this.word(HAS) & slots) === slots;
  }

  isAnyOdd(slots: number): boolean {
    return (this.word(ODD) & slots) !== 0;
  }

  /** Of a text, without its quotes. */
  start(slot: Slot): number {
    return this.word(SLOTS + 2 * slot);
  }

  end(slot: Slot): number {
    return this.word(SLOTS + 2 * slot + 1);
  }

  /** As it stands there: a text without its quotes, anything else as JSON. */
  raw(slot: Slot): string {
    return this.bytes.toString('utf8', this.start(slot), this.end(slot));
  }

  /** Of a slot that is a text. */
  text(slot: Slot): string {
    const raw = this.raw(slot);
    return this.isOdd(slot) ? (JSON.parse(`"${raw}"`) as string) : raw;
  }

  hasEquals(slot: Slot): boolean {
    return this.wasm.hasEquals(this.start(slot), this.end(slot)) !== 0;
  }

  /** The whole event. */
  whole(): string {
    return this.bytes.toString('utf8', this.word(START), this.word(END));
  }

  /** False when the slots are too long to be hashed. Hashes of different scanners have nothing to do with each other. */
  hash(which: Hashed, into: Hash): boolean {
    if (this.wasm.digest(this.record * WORD_BYTES, this.tables.hashed[which], HASHED[which].length) === 0) return false;
    this.answer(into);
    return true;
  }

  /** The same of texts that are no slots. */
  hashTexts(texts: readonly string[], into: Hash): boolean {
    const whole = texts.map((text) => `${text}\n`).join('');
    const length = Buffer.byteLength(whole);
    if (length > TEXT_BYTES) return false;
    this.bytes.write(whole, TEXT_AT);
    this.wasm.hash(length);
    this.answer(into);
    return true;
  }

  private isList(): boolean {
    return this.bytes.compare(LIST_BEGINS, 0, LIST_BEGINS.length, INPUT_AT, INPUT_AT + LIST_BEGINS.length) === 0;
  }

  private word(index: number): number {
    return this.words[this.record + index] ?? 0;
  }

  private answer(into: Hash): void {
    into.low = this.words[0] ?? 0;
    into.high = this.words[1] ?? 0;
  }

  private take(input: Uint8Array): void {
    const missing = INPUT_AT + input.length + BEHIND_INPUT - this.bytes.length;
    if (missing > 0) {
      const { memory } = this.wasm;
      memory.grow(Math.ceil(missing / PAGE_BYTES));
      this.bytes = Buffer.from(memory.buffer);
      this.words = new Int32Array(memory.buffer);
    }
    this.bytes.set(input, INPUT_AT);
  }
}
