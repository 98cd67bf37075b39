import { blocksIn, defineTerraformCheck, registry, textsIn, type TerraformRule } from '#src/model/terraform.ts';
import { isEveryone } from '../firewall/rule.ts';
import { SCALEWAY } from '../providers.ts';

/** Reports each managed database that lets the whole internet connect. */
export const check = defineTerraformCheck({
  id: 'iac/database-open',
  title: 'Managed databases accept connections from known addresses only',
  severity: 'high',
  tips: [4, 6],
  why: 'A database that the internet reaches is protected by its passwords alone, and these are in the Secrets of the cluster.',
  fix: 'Allow the addresses of the cluster and of those who administer it, or give the database an endpoint in the Private Network instead.',
  rules: [rule('scaleway_rdb_acl', 'acl_rules'), rule('scaleway_redis_cluster', 'acl')],
});

/** For a resource whose blocks of this name say from where connections are accepted. */
function rule(type: string, name: string): TerraformRule {
  return {
    types: [type],
    source: registry(SCALEWAY, type),
    *judge({ values }) {
      for (const { path, body } of blocksIn(values, name)) {
        const open = textsIn(body, 'ip').filter(isEveryone);
        if (open.length > 0) yield { path: [...path, 'ip'], message: `Connections from ${open.join(' and ')} are accepted` };
      }
    },
  };
}
