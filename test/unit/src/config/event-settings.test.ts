import { describe, expect, test } from '@jest/globals';
import { eventSettings, eventsShape } from '#src/config/event-settings.ts';

const FILE = { file: '/run/secret' };
const AZURE = { workspace: '1a2b3c4d-0000-4000-8000-00000000000a', resource: '/subscriptions/1a2b/resourceGroups/rg-prod/providers/Microsoft.ContainerService/managedClusters/prod', tenant: 'example.com', clientId: 'c-1', clientSecret: FILE };
const settingsOf = (entry: object) => eventSettings(eventsShape.parse([{ cluster: 'prod', ...entry }]))[0];

describe('src/config/event-settings.ts', () => {
  test('silences have limits for what is never quiet for long, and those of the file come first', () => {
    expect(settingsOf({ silentAfterMinutes: { audit: 15, falco: 1440 } })?.silentMs).toEqual({ audit: 900_000, falco: 86_400_000, hubble: 86_400_000, calico: 86_400_000, flows: 86_400_000 });
  });

  test.each<[string, object, object]>([
    ['a relay with TLS', { hubble: { relay: { address: 'relay.kube-system:443', ca: FILE } } }, { hubble: { relay: { address: 'relay.kube-system:443', plaintext: false, ca: FILE } } }],
    ['Google', { audit: { google: { project: 'shop-prod', filter: 'x', key: FILE } } }, { audit: { google: { project: 'shop-prod', filter: 'x', key: FILE, url: 'https://logging.googleapis.com', tokenUrl: 'https://oauth2.googleapis.com/token' } } }],
    ['CloudWatch', { audit: { cloudwatch: { region: 'eu-west-1', group: '/g', accessKeyId: FILE, secretAccessKey: FILE } } }, { audit: { cloudwatch: { region: 'eu-west-1', group: '/g', streams: 'kube-apiserver-audit', accessKeyId: FILE, secretAccessKey: FILE, url: 'https://logs.eu-west-1.amazonaws.com', stsUrl: 'https://sts.eu-west-1.amazonaws.com' } } }],
    ['CloudWatch in the role of the pod', { audit: { cloudwatch: { region: 'cn-north-1', group: '/g' } } }, { audit: { cloudwatch: { accessKeyId: undefined, secretAccessKey: undefined, url: 'https://logs.cn-north-1.amazonaws.com.cn', stsUrl: 'https://sts.cn-north-1.amazonaws.com.cn' } } }],
    ['Azure', { audit: { azure: AZURE } }, { audit: { azure: { ...AZURE, table: 'AKSAudit', url: 'https://api.loganalytics.io', loginUrl: 'https://login.microsoftonline.com' } } }],
    ['Kubescape', { kubescape: {} }, { kubescape: { everyMinutes: 60 } }],
  ])('%s is read by the bot', (_, entry, pulls) => {
    expect(settingsOf(entry)).toMatchObject({ senders: {}, pulls });
  });

  test.each<[string, object]>([
    ['a token', { token: FILE }],
    ['a client certificate', { clientCertificate: { ca: FILE, names: ['CN=kube-apiserver', 'DNS:shipper.example', 'URI:spiffe://prod/ns/a/sa/b'] } }],
    ['both', { token: FILE, clientCertificate: { ca: FILE, names: [] } }],
  ])('who sends may have to show %s', (_, audit) => {
    expect(settingsOf({ audit })).toMatchObject({ senders: { audit }, pulls: {} });
  });

  test.each<[string, object]>([
    ['a sender who has to show nothing', { audit: {} }],
    ['a name of no kind', { audit: { clientCertificate: { ca: FILE, names: ['kube-apiserver'] } } }],
    ['a client certificate without a CA', { audit: { clientCertificate: { names: [] } } }],
    ['a relay without a port', { hubble: { relay: { address: 'relay' } } }],
    ['a certificate without its key', { hubble: { relay: { address: 'relay:443', cert: FILE } } }],
    ['certificates for what is in the clear', { hubble: { relay: { address: 'relay:80', plaintext: true, ca: FILE } } }],
    ['a relay of anything but Hubble', { audit: { relay: { address: 'relay:443' } } }],
    ['a region that is none', { audit: { cloudwatch: { region: 'Ireland', group: '/g', accessKeyId: FILE, secretAccessKey: FILE } } }],
    ['half an access key', { audit: { cloudwatch: { region: 'eu-west-1', group: '/g', accessKeyId: FILE } } }],
    ['a cluster of Azure that would end the query', { audit: { azure: { ...AZURE, resource: `${AZURE.resource}" or true or "` } } }],
    ['a workspace by its name', { audit: { azure: { ...AZURE, workspace: 'logs-prod' } } }],
    ['a table of something else', { audit: { azure: { ...AZURE, table: 'Heartbeat' } } }],
    ['a key in the file itself', { audit: { google: { project: 'shop-prod', filter: 'x', key: 'text' } } }],
    ['a silence of seconds', { silentAfterMinutes: { audit: 1 } }],
    ['a silence of an unknown feed', { silentAfterMinutes: { syslog: 30 } }],
  ])('%s is a fault', (_, entry) => {
    expect(eventsShape.safeParse([{ cluster: 'prod', audit: { token: FILE }, ...entry }]).success).toBe(false);
  });
});
