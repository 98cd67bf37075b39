import type { Source } from './check.ts';
import { CIS } from './frameworks/cis.ts';
import { MITRE } from './frameworks/mitre.ts';
import { NSA } from './frameworks/nsa.ts';
import { PSS } from './frameworks/pss.ts';

/** A control of the Pod Security Standards by its name there. */
export function pss(level: 'baseline' | 'restricted', control: string): Source {
  return { title: `${PSS.title}, ${level}: ${control}`, url: `${PSS.url}#${level}`, control: { framework: 'pss', id: `${level}: ${control}` } };
}

/** A recommendation of the CIS Kubernetes Benchmark, numbered as in v1.12. */
export function cis(number: string): Source {
  return { title: `${CIS.title} ${CIS.version}, ${number}`, url: CIS.url, control: { framework: 'cis', id: number } };
}

/** A section of the NSA/CISA Kubernetes Hardening Guide v1.2, or one of its chapters. */
export function nsa(section: string): Source {
  return { title: `${NSA.title} ${NSA.version}, ${section}`, url: NSA.url, control: { framework: 'nsa', id: section } };
}

/** A technique of MITRE ATT&CK for Containers by its number. */
export function mitre(technique: string): Source {
  return { title: `${MITRE.title}, ${technique}`, url: `https://attack.mitre.org/techniques/${technique.replace('.', '/')}/`, control: { framework: 'mitre', id: technique } };
}

/** A page of the Kubernetes documentation, by its path. */
export function kubernetes(title: string, path: string): Source {
  return { title: `Kubernetes documentation: ${title}`, url: `https://kubernetes.io/docs/${path}` };
}

/** The page of the Kubernetes documentation on rights that lead to more rights. */
export const RBAC_GOOD_PRACTICES: Source = kubernetes('Role Based Access Control Good Practices', 'concepts/security/rbac-good-practices/');
