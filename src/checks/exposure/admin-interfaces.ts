import type { NetworkWorkload } from '#src/facts/network-workloads.ts';

/** An interface that whoever reaches it administers something with, or runs code through. */
interface AdminInterface {
  readonly name: string;
  /** Of one of its images, without registry and tag. */
  readonly image: RegExp;
  /** Of the workload, or of the application that a label says it is. */
  readonly workload: RegExp;
}

const NAME_LABELS = ['app.kubernetes.io/name', 'app', 'k8s-app'];

const INTERFACES: readonly AdminInterface[] = [
  { name: 'Argo CD', image: /(^|\/)argo-?cd$/, workload: /(^|-)argo-?cd-server$/ },
  { name: 'Argo Workflows', image: /(^|\/)argocli$/, workload: /(^|-)argo-server$|(^|-)argo-workflows-server$/ },
  { name: 'Kubernetes Dashboard', image: /(^|\/)kubernetes-dashboard[\w-]*$|kubernetesui\/dashboard/, workload: /(^|-)kubernetes-dashboard(-kong|-web)?$/ },
  { name: 'Grafana', image: /(^|\/)grafana(-oss|-enterprise)?$/, workload: /(^|-)grafana$/ },
  { name: 'Prometheus', image: /(^|\/)prometheus$/, workload: /(^|-)prometheus(-server)?$/ },
  { name: 'Alertmanager', image: /(^|\/)alertmanager$/, workload: /(^|-)alertmanager$/ },
  { name: 'Kubeflow', image: /(^|\/)(centraldashboard|ml-pipeline\/frontend|kubeflow\/[\w-]*dashboard)/, workload: /(^|-)(centraldashboard|ml-pipeline-ui)$/ },
  { name: 'Longhorn', image: /(^|\/)longhorn-ui$/, workload: /(^|-)longhorn-(ui|frontend)$/ },
  { name: 'Rancher', image: /(^|\/)rancher\/rancher$/, workload: /^rancher$/ },
  { name: 'Jenkins', image: /(^|\/)jenkins(\/jenkins)?$/, workload: /(^|-)jenkins(-server|-master|-controller)?$/ },
  { name: 'Weave Scope', image: /(^|\/)weaveworks\/scope$/, workload: /(^|-)weave-scope(-app)?$/ },
  { name: 'NiFi', image: /(^|\/)nifi$/, workload: /(^|-)nifi$/ },
  { name: 'Kiali', image: /(^|\/)kiali$/, workload: /(^|-)kiali$/ },
  { name: 'Jaeger', image: /(^|\/)jaegertracing\/(all-in-one|jaeger-query|jaeger)$/, workload: /(^|-)jaeger(-query|-all-in-one)?$/ },
  { name: 'Hubble UI', image: /(^|\/)hubble-ui(-backend)?$/, workload: /(^|-)hubble-ui$/ },
  { name: 'Octant', image: /(^|\/)octant(-dashboard)?$/, workload: /(^|-)octant$/ },
  { name: 'Headlamp', image: /(^|\/)headlamp$/, workload: /(^|-)headlamp$/ },
  { name: 'Portainer', image: /(^|\/)portainer(-ce|-ee)?$/, workload: /(^|-)portainer$/ },
  { name: 'pgAdmin', image: /(^|\/)pgadmin4?$/, workload: /(^|-)pgadmin4?$/ },
  { name: 'phpMyAdmin', image: /(^|\/)phpmyadmin$/, workload: /(^|-)phpmyadmin$/ },
  { name: 'MinIO Console', image: /(^|\/)minio\/console$/, workload: /(^|-)minio-console$/ },
  { name: 'Ray', image: /(^|\/)rayproject\/ray(-ml|-llm)?$/, workload: /(^|-)ray-?head$|(^|-)ray-dashboard$/ },
  { name: 'JupyterHub', image: /(^|\/)(jupyterhub|k8s-hub)(\/jupyterhub)?$/, workload: /(^|-)jupyterhub$/ },
  { name: 'MLflow', image: /(^|\/)mlflow$/, workload: /(^|-)mlflow(-server)?$/ },
  { name: 'vLLM', image: /(^|\/)vllm(-openai)?$/, workload: /(^|-)vllm(-server)?$/ },
  { name: 'Ollama', image: /(^|\/)ollama$/, workload: /(^|-)ollama$/ },
  { name: 'Triton', image: /(^|\/)tritonserver$/, workload: /(^|-)triton(-inference-server|server)?$/ },
  { name: 'KServe', image: /(^|\/)kserve\/(?!.*-controller)[\w-]+$/, workload: /(^|-)kserve(-server)?$/ },
  { name: 'Seldon', image: /(^|\/)seldonio\/(?!.*-operator)[\w-]+$/, workload: /(^|-)seldon(-core)?$/ },
  { name: 'BentoML', image: /(^|\/)bentoml\/[\w-]+$|(^|\/)bentoml$/, workload: /(^|-)(bentoml|yatai)$/ },
];

/** What a workload administers, or undefined when it is none that is known. */
export function adminInterfaceOf({ ref, labels, images }: NetworkWorkload): string | undefined {
  const names = [ref.name, ...NAME_LABELS.flatMap((label) => labels.get(label) ?? [])];
  return INTERFACES.find(({ image, workload }) => images.some((one) => image.test(one)) || names.some((one) => workload.test(one)))?.name;
}
