import type { ConnectedWorkload } from '#src/model/connection.ts';

/** The letters that Kubernetes makes hashes of: no vowels, and nothing that looks like one. */
const REPLICA_SET = /^(.+)-[bcdfghjklmnpqrstvwxz2456789]{5,10}$/;
const JOB_OF_CRON_JOB = /^(.+)-\d{8,10}$/;

/** What owns a replica set, or the job of a cron job, as their names tell it: with each rollout and run there is another of them. */
export function topOwner(workload: ConnectedWorkload): ConnectedWorkload {
  const { namespace, kind, name } = workload;
  const [, deployment] = kind === 'ReplicaSet' ? (REPLICA_SET.exec(name) ?? []) : [];
  if (deployment !== undefined) return { namespace, kind: 'Deployment', name: deployment };
  const [, cronJob] = kind === 'Job' ? (JOB_OF_CRON_JOB.exec(name) ?? []) : [];
  return cronJob === undefined ? workload : { namespace, kind: 'CronJob', name: cronJob };
}
