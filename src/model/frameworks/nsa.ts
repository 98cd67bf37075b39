import { controls, type Framework } from './framework.ts';

/** The sections of the guide by their titles; a finding that concerns no single one is counted for the chapter as a whole. */
export const NSA: Framework = {
  id: 'nsa',
  title: 'NSA/CISA Kubernetes Hardening Guide',
  version: 'v1.2',
  url: 'https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF',
  sections: [
    {
      title: 'Kubernetes Pod security',
      controls: controls({
        'Kubernetes Pod security': 'Pods have no more rights on their node than they need',
        'Kubernetes Pod security: Non-root containers': 'Containers and their engines run without root',
        'Kubernetes Pod security: Immutable container file systems': 'Containers cannot change their own file system',
        'Kubernetes Pod security: Building secure container images': 'Images are built small and scanned',
        'Kubernetes Pod security: Pod security enforcement': 'Namespaces refuse pods that break the rules',
        'Kubernetes Pod security: Protecting Pod service account tokens': 'Pods that do not call the API server have no token for it',
        'Kubernetes Pod security: Hardening container environments': 'Containers are isolated by more than the usual engine',
      }),
    },
    {
      title: 'Network separation and hardening',
      controls: controls({
        'Network separation and hardening': 'Only what has to be reached can be reached',
        'Network separation and hardening: Namespaces': 'Teams and programs have namespaces of their own',
        'Network separation and hardening: Network policies': 'Policies say who may talk to whom, and deny the rest',
        'Network separation and hardening: Resource policies': 'Nobody can use up a node',
        'Network separation and hardening: Control plane hardening': 'The control plane is not reachable by strangers',
        'Network separation and hardening: Etcd': 'Only the API server reaches etcd',
        'Network separation and hardening: Kubeconfig files': 'Files with credentials for the API server are kept safe',
        'Network separation and hardening: Worker node segmentation': 'Worker nodes are apart from other networks',
        'Network separation and hardening: Encryption': 'Data is encrypted on the wire and at rest',
        'Network separation and hardening: Secrets': 'Secrets are kept encrypted and nowhere else',
        'Network separation and hardening: Protecting sensitive cloud infrastructure': 'Pods cannot ask the cloud for the rights of their node',
      }),
    },
    {
      title: 'Authentication and authorization',
      controls: controls({
        'Authentication and authorization': 'People and programs are known, and may do only what they need',
        'Authentication and authorization: Authentication': 'Nobody gets in without saying who they are',
        'Authentication and authorization: Role-based access control': 'Roles hold few rights, and are bound to few',
      }),
    },
    {
      title: 'Audit Logging and Threat Detection',
      controls: controls({
        'Audit Logging and Threat Detection': 'What happens in the cluster is logged and looked at',
        'Audit Logging and Threat Detection: Worker node and container logging': 'Logs of nodes and containers outlive them',
        'Audit Logging and Threat Detection: SIEM platforms': 'Logs are brought together outside the cluster',
        'Audit Logging and Threat Detection: Alerting': 'Somebody is told of what is unusual',
      }),
    },
    {
      title: 'Upgrading and application security practices',
      controls: controls({ 'Upgrading and application security practices': 'Everything is kept up to date, and what is unused is removed' }),
    },
  ],
};
