import type { Framework } from './framework.ts';

const URL = 'https://attack.mitre.org';

/** Techniques of the matrix for containers that checks work against, by the tactic under which each is known best. */
export const MITRE: Framework = {
  id: 'mitre',
  title: 'MITRE ATT&CK for Containers',
  version: 'v17',
  url: `${URL}/matrices/enterprise/containers/`,
  sections: [
    { title: 'Initial Access', controls: techniques({ T1133: 'External Remote Services', T1190: 'Exploit Public-Facing Application' }) },
    { title: 'Execution', controls: techniques({ 'T1204.003': 'User Execution: Malicious Image', T1609: 'Container Administration Command', T1610: 'Deploy Container' }) },
    { title: 'Persistence', controls: techniques({ 'T1098.006': 'Account Manipulation: Additional Container Cluster Roles' }) },
    { title: 'Privilege Escalation', controls: techniques({ T1611: 'Escape to Host' }) },
    { title: 'Defense Evasion', controls: techniques({ T1070: 'Indicator Removal' }) },
    { title: 'Credential Access', controls: techniques({ T1528: 'Steal Application Access Token', 'T1552.001': 'Unsecured Credentials: Credentials In Files', 'T1552.007': 'Unsecured Credentials: Container API' }) },
    { title: 'Discovery', controls: techniques({ T1046: 'Network Service Discovery' }) },
  ],
};

function techniques(titles: Readonly<Record<string, string>>) {
  return Object.entries(titles).map(([id, title]) => ({ id, title, url: `${URL}/techniques/${id.replace('.', '/')}/` }));
}
