import { createServer, type Server } from 'node:net';
import { BerReader, BerWriter, PagedResultsControl } from 'ldapts';

export interface CannedPage {
  readonly uids: readonly string[];
  /** With one, more is said to follow. */
  readonly cookie?: string;
}

const ENTRY = 0x64;
const DONE = 0x65;
const CONTROLS = 0xa0;
const SET = 0x31;
const ENUMERATED = 0x0a;

/** Answers one search after the other with the next of these pages, on a free port of this machine. */
export function serveLdapPages(pages: readonly CannedPage[]): Server {
  const left = [...pages];
  return createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (request: Buffer) => {
      const page = left.shift();
      if (page === undefined) return socket.destroy();
      const id = messageId(request);
      return socket.write(Buffer.concat([...page.uids.map((uid) => entry(id, uid)), done(id, page.cookie ?? '')]));
    });
  }).listen(0, '127.0.0.1');
}

function messageId(request: Buffer): number {
  const reader = new BerReader(request);
  reader.readSequence();
  return reader.readInt() ?? 0;
}

function message(id: number, write: (writer: BerWriter) => void): Buffer {
  const writer = new BerWriter();
  writer.startSequence();
  writer.writeInt(id);
  write(writer);
  writer.endSequence();
  return writer.buffer;
}

function entry(id: number, uid: string): Buffer {
  return message(id, (writer) => {
    writer.startSequence(ENTRY);
    writer.writeString(`uid=${uid},ou=people`);
    writer.startSequence();
    writer.startSequence();
    writer.writeString('uid');
    writer.startSequence(SET);
    writer.writeString(uid);
    for (let open = 4; open > 0; open -= 1) writer.endSequence();
  });
}

function done(id: number, cookie: string): Buffer {
  return message(id, (writer) => {
    writer.startSequence(DONE);
    writer.writeInt(0, ENUMERATED);
    writer.writeString('');
    writer.writeString('');
    writer.endSequence();
    writer.startSequence(CONTROLS);
    new PagedResultsControl({ value: { size: 0, cookie: Buffer.from(cookie) } }).write(writer);
    writer.endSequence();
  });
}
