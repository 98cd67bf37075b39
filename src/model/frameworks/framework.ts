/** Catalogues of rules that checks are mapped to. */
export const FRAMEWORK_IDS = ['pss', 'cis', 'nsa', 'mitre'] as const;
export type FrameworkId = (typeof FRAMEWORK_IDS)[number];

/** Names one control; no two of a framework have the same id. */
export interface ControlRef {
  readonly framework: FrameworkId;
  readonly id: string;
}

/** One thing that a framework asks for, or a technique that it describes. */
export interface Control {
  readonly id: string;
  /** In our words. */
  readonly title: string;
  /** Where it differs from the framework's. */
  readonly url?: string;
  /** Its checks look at the same setting in different places, such as flags of the API server and Terraform: one that could look is enough. */
  readonly alternatives?: true;
}

export interface Section {
  readonly title: string;
  readonly controls: readonly Control[];
}

export interface Framework {
  readonly id: FrameworkId;
  readonly title: string;
  /** Whose numbers and names are used here. */
  readonly version: string;
  readonly url: string;
  readonly sections: readonly Section[];
}

/** Pairs of id and title as controls. */
export function controls(titles: Readonly<Record<string, string>>, more: Readonly<Record<string, Partial<Control>>> = {}): readonly Control[] {
  return Object.entries(titles).map(([id, title]) => ({ id, title, ...more[id] }));
}
