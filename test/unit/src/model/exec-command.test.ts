import { describe, expect, test } from '@jest/globals';
import { readNative } from '#src/events/sources/audit/native.ts';
import { commandOf, shownCommand } from '#src/model/exec-command.ts';

function command(changes: object): readonly string[] | undefined {
  const event = readNative({ verb: 'create', objectRef: { resource: 'pods', subresource: 'exec' }, ...changes });
  return event === undefined ? undefined : commandOf(event);
}

describe('src/model/exec-command.ts', () => {
  test.each<[string, object, readonly string[] | undefined]>([
    ['the URL', { requestURI: '/api/v1/namespaces/a/pods/b/exec?command=sh&command=-c&command=cat%20%2Fetc%2Fpasswd+%26%26+id&stdin=true' }, ['sh', '-c', 'cat /etc/passwd && id']],
    ['the body', { requestURI: '/x?command=other', requestObject: { command: ['id', '-u'] } }, ['id', '-u']],
    ['a URL that is not well formed', { requestURI: '/x?command=%E0%A4%A' }, ['\ufffd%A']],
    ['a URL without a command', { requestURI: '/x?stdin=true' }, undefined],
    ['nothing', {}, undefined],
  ])('reads it from %s', (_name, changes, expected) => {
    expect(command(changes)).toEqual(expected);
  });

  test.each<[readonly string[], readonly string[]]>([
    [['sh', '-c', 'ls -l /data'], ['sh', '-c', 'ls -l /data']],
    [['mysql', '--password=hunter2', '-u', 'root'], ['mysql', '--password=•••', '-u', 'root']],
    [['mysql', '--password', 'hunter2'], ['mysql', '--password', '•••']],
    [['env', 'PGPASSWORD=hunter2', 'psql'], ['env', 'PGPASSWORD=•••', 'psql']],
    [['sh', '-c', 'curl -H "Authorization: Bearer abcdef123456" https://a.example'], ['sh', '-c', 'curl -H "Authorization: Bearer ••• https://a.example']],
    [['curl', 'https://jo:hunter2@a.example'], ['curl', '•••']],
    [['curl', '-H', 'Authorization: Basic am86aHVudGVyMg==', '-H', 'X-Api-Key: hunter2'], ['curl', '-H', 'Authorization: Basic •••', '-H', 'X-Api-Key: •••']],
    [['curl', 'https://a.example/x?token=hunter2&page=2'], ['curl', 'https://a.example/x?token=•••&page=2']],
    [['curl', '-u', 'jo:hunter2', 'https://a.example'], ['curl', '-u', '•••', 'https://a.example']],
    [['/usr/bin/mysqldump', '-uroot', '-phunter2', 'shop'], ['/usr/bin/mysqldump', '-uroot', '-p•••', 'shop']],
    [['mysql', '-p', 'shop'], ['mysql', '-p', 'shop']],
    [['sh', '-c', 'redis-cli -a hunter2 ping; mkdir -p /a'], ['sh', '-c', 'redis-cli -a ••• ping; mkdir -p /a']],
    [['sshpass', '-phunter2', 'ssh', '-p', '22', 'a.example'], ['sshpass', '-p•••', 'ssh', '-p', '22', 'a.example']],
    [['mongosh', '-u', 'root', '-p', 'hunter2'], ['mongosh', '-u', 'root', '-p', '•••']],
    [['curl', '-su', 'jo:hunter2', 'https://a.example'], ['curl', '-su', '•••', 'https://a.example']],
    [['curl', '--proxy-user', 'jo:hunter2', 'https://a.example'], ['curl', '--proxy-user', '•••', 'https://a.example']],
    [['curl', '--user', 'jo:hunter2', '--user-agent', 'me', 'https://a.example'], ['curl', '--user', '•••', '--user-agent', 'me', 'https://a.example']],
    [['redis-cli', '--pass', 'hunter2', 'ping'], ['redis-cli', '--pass', '•••', 'ping']],
    [['sh', '-c', '("/usr/bin/mysql" "-phunter2" shop)'], ['sh', '-c', '("/usr/bin/mysql" "-p••• shop)']],
    [['curl', '-H', 'X-Api-Key:hunter2', 'https://a.example:8443/x'], ['curl', '-H', 'X-Api-Key:•••', 'https://a.example:8443/x']],
    [['curl', '-d', '{"user":"jo","password":"hunter2"}'], ['curl', '-d', '{"user":"jo","password":"•••"}']],
    [['curl', '-d', '{"user": "jo", "password": "hunter2"}'], ['curl', '-d', '{"user": "jo", "password": •••']],
  ])('shows %j without credentials', (given, shown) => {
    expect(shownCommand(given)).toEqual(shown);
  });
});
