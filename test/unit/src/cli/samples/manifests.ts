export interface PodOptions {
  readonly name?: string;
  readonly namespace?: string;
  readonly privileged?: boolean;
}

/** A Pod in eight lines, with `privileged` in the last. */
export function pod({ name = 'api', namespace = 'shop', privileged = true }: PodOptions = {}): string {
  return `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec:\n  containers:\n    - name: main\n      securityContext:\n        privileged: ${privileged ? 'true' : 'false'}\n`;
}

export function configMap(name: string, data: Readonly<Record<string, string>>): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata: ${JSON.stringify(data)}\n`;
}
