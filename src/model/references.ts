import type { Source } from './check.ts';

const PSS_URL = 'https://kubernetes.io/docs/concepts/security/pod-security-standards/';

/** A control of the Pod Security Standards by its name there. */
export function pss(level: 'baseline' | 'restricted', control: string): Source {
  return { title: `Pod Security Standards, ${level}: ${control}`, url: `${PSS_URL}#${level}` };
}

/** A recommendation of the CIS Kubernetes Benchmark, numbered as in v1.12. */
export function cis(number: string): Source {
  return { title: `CIS Kubernetes Benchmark v1.12, ${number}`, url: 'https://www.cisecurity.org/benchmark/kubernetes' };
}

/** A section of the NSA/CISA Kubernetes Hardening Guide v1.2. */
export function nsa(section: string): Source {
  return {
    title: `NSA/CISA Kubernetes Hardening Guide v1.2, ${section}`,
    url: 'https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF',
  };
}

/** A page of the Kubernetes documentation, by its path. */
export function kubernetes(title: string, path: string): Source {
  return { title: `Kubernetes documentation: ${title}`, url: `https://kubernetes.io/docs/${path}` };
}

/** The page of the Kubernetes documentation on rights that lead to more rights. */
export const RBAC_GOOD_PRACTICES: Source = kubernetes('Role Based Access Control Good Practices', 'concepts/security/rbac-good-practices/');
