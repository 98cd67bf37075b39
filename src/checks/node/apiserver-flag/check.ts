import { apiServerFiles, type ApiServerFiles } from '#src/facts/api-server-files.ts';
import { components } from '#src/facts/components.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { kubernetes } from '#src/model/references.ts';
import { itemsOf, judgeFlags, noPodOf, rowSources, type FlagRows } from '../flag-rows.ts';
import { ROWS } from './rows.ts';

const RATE_LIMIT = 'EventRateLimit';

/** Reports what the flags of each API server leave open. What only its files say is judged where they are in the input. */
export const check = defineClusterCheck({
  id: 'node/apiserver-flag',
  title: 'The flags of the API server are safe',
  severity: 'high',
  tips: [6],
  items: itemsOf(ROWS),
  why: 'Everything in the cluster goes through the API server; what it takes from strangers, or does not check, everybody gets.',
  fix: 'Set the flag that the finding names in the manifest of the API server, or in the configuration of the installer that writes it.',
  sources: [...rowSources(ROWS), kubernetes('kube-apiserver', 'reference/command-line-tools-reference/kube-apiserver/')],
  needs: { components, apiServerFiles },
  *judge({ components, apiServerFiles }, context) {
    const servers = components.filter(({ name }) => name === 'kube-apiserver');
    const unlimited = apiServerFiles.admission.filter(({ plugins }) => !plugins.includes(RATE_LIMIT));
    if (servers.length === 0) {
      const items = Object.keys(ROWS).filter((item) => item !== 'event-rate-limit');
      if (apiServerFiles.admission.length === 0) yield { notEvaluated: noPodOf('an API server') };
      else for (const item of items) yield { notEvaluated: noPodOf('an API server'), item };
    }
    const rows = rowsWith(apiServerFiles);
    for (const server of servers) yield* judgeFlags(server, rows, context);
    for (const { subject } of unlimited) yield { subject, item: 'event-rate-limit', path: ['plugins'], message: `One workload can fill etcd with events: the plugins lack ${RATE_LIMIT}` };
  },
});

/** The rows, knowing what a file says that the flags name. */
function rowsWith({ authentication }: ApiServerFiles): FlagRows {
  const anonymous = ROWS['anonymous-auth'];
  const [file] = authentication;
  if (anonymous === undefined || file === undefined) return ROWS;
  return {
    ...ROWS,
    'anonymous-auth': {
      ...anonymous,
      judge(read, context) {
        if (read('anonymous-auth') !== undefined || read('authentication-config') === undefined) return anonymous.judge(read, context);
        return authentication.some((one) => one.anonymous === 'on') ? 'It takes requests without credentials: the AuthenticationConfiguration lets anonymous in beyond the health paths' : undefined;
      },
    },
  };
}
