import { describe, expect, test } from '@jest/globals';
import { MOST_NODE_FILES, readNodeReport } from '#src/model/node-files.ts';

const FILE = { file: 'admin-conf', path: '/etc/kubernetes/admin.conf', kind: 'file', mode: '0600', uid: 0, gid: 0 };
const UNSEEN = { file: 'cni', path: '/etc/cni/net.d', unseen: 'no permission to look there' };
const REPORT = { version: 1, at: '2026-11-01T12:00:00.000Z', files: [FILE, UNSEEN] };

describe('src/model/node-files.ts', () => {
  test('a report is read', () => {
    expect(readNodeReport(JSON.stringify(REPORT))).toEqual(REPORT);
  });

  test('what a report does not have is left out', () => {
    expect(readNodeReport(JSON.stringify({ ...REPORT, more: 1, files: [{ ...FILE, content: 'x' }, { ...UNSEEN, mode: '0777' }] }))).toEqual(REPORT);
  });

  test.each<[string, string, string]>([
    ['text', 'no report', 'it is no JSON'],
    ['nothing', '', 'it is no JSON'],
    ['very deep lists', '['.repeat(200_000), 'it is no JSON'],
    ['too much', ' '.repeat(512 * 1024 + 1), 'it is too long'],
    ['null', 'null', 'it is not of version 1'],
    ['a list', JSON.stringify([REPORT]), 'it is not of version 1'],
    ['another version', JSON.stringify({ ...REPORT, version: 2 }), 'it is not of version 1'],
    ['no time', JSON.stringify({ ...REPORT, at: undefined }), 'it has no time'],
    ['words for a time', JSON.stringify({ ...REPORT, at: 'now' }), 'it has no time'],
    ['a day that there is not', JSON.stringify({ ...REPORT, at: '2026-13-01T00:00:00Z' }), 'it has no time'],
    ['no files', JSON.stringify({ ...REPORT, files: {} }), 'it has no list of files, or too long a one'],
    ['too many files', JSON.stringify({ ...REPORT, files: Array.from({ length: MOST_NODE_FILES + 1 }, () => FILE) }), 'it has no list of files, or too long a one'],
    ['a field that is one of every object', JSON.stringify({ ...REPORT, files: [{ ...FILE, file: 'toString' }] }), 'one of its files is none'],
  ])('%s is none, and why is said', (_, text, fault) => {
    expect(readNodeReport(text)).toEqual({ fault });
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['a number', 7],
    ['an unknown one', { ...FILE, file: 'passwd' }],
    ['a relative path', { ...FILE, path: 'etc/kubernetes/admin.conf' }],
    ['a path of two lines', { ...FILE, path: '/etc/a\nb' }],
    ['a path that reads backwards', { ...FILE, path: '/etc/a\u202Eb' }],
    ['a very long path', { ...FILE, path: `/${'a'.repeat(1000)}` }],
    ['a mode of three digits', { ...FILE, mode: '600' }],
    ['a mode that is not octal', { ...FILE, mode: '0999' }],
    ['a mode that is a number', { ...FILE, mode: 384 }],
    ['nobody\'s', { ...FILE, uid: -1 }],
    ['half somebody\'s', { ...FILE, gid: 0.5 }],
    ['of more accounts than there are', { ...FILE, uid: 2 ** 32 }],
    ['of an unknown kind', { ...FILE, kind: 'device' }],
    ['unseen for no reason', { ...UNSEEN, unseen: '' }],
    ['unseen for a reason of its own', { ...UNSEEN, unseen: 'ask admin@evil.example' }],
  ])('with a file that is %s it is none', (_, file) => {
    expect(readNodeReport(JSON.stringify({ ...REPORT, files: [file] }))).toEqual({ fault: 'one of its files is none' });
  });
});
