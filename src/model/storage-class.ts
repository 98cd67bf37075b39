import { textAt, textMapAt, type RawObject, type Step } from './raw.ts';
import { encryptionBy, parameterOf, storageDriver, type Encryption, type StorageDriver } from './storage-drivers.ts';

const DEFAULT_MARKS = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'] as const;

/** Start of the parameters that name the Secret for a node. */
const NODE_STAGE_SECRET = 'csi.storage.k8s.io/node-stage-secret';

/** A StorageClass as far as encryption depends on it. */
export interface ClassView {
  /** Name of the driver, empty when none is written. */
  readonly provisioner: string;
  /** Undefined for a driver that is not known here. */
  readonly driver: StorageDriver | undefined;
  readonly encryption: Encryption;
  /** The value of the parameter, where it is written. */
  readonly asked: string | undefined;
  /** From the root of the class to the parameter, else to where it is missing. */
  readonly path: readonly Step[];
  readonly isDefault: boolean;
  /** The Secret that holds the passphrase of every volume; undefined where each has one of its own, or none is named. */
  readonly passphrase: { readonly namespace: string; readonly name: string } | undefined;
  readonly parameters: ReadonlyMap<string, string>;
}

export function classView(object: RawObject): ClassView {
  const provisioner = textAt(object, 'provisioner') ?? '';
  const parameters = textMapAt(object, 'parameters');
  const driver = storageDriver(provisioner);
  // Drivers compare the key in lower case.
  const key = [...parameters.keys()].find((name) => name.toLowerCase() === parameterOf(driver));
  const asked = key === undefined ? undefined : parameters.get(key);
  const annotations = textMapAt(object, 'metadata', 'annotations');
  return {
    provisioner,
    driver,
    encryption: encryptionBy(provisioner, asked),
    asked,
    path: key === undefined ? ['parameters'] : ['parameters', key],
    isDefault: DEFAULT_MARKS.some((mark) => annotations.get(mark) === 'true'),
    passphrase: passphraseOf(parameters),
    parameters,
  };
}

/** Names with `${pvc.name}` and the like are of one Secret for each volume. */
function passphraseOf(parameters: ReadonlyMap<string, string>): ClassView['passphrase'] {
  const name = parameters.get(`${NODE_STAGE_SECRET}-name`);
  const namespace = parameters.get(`${NODE_STAGE_SECRET}-namespace`);
  return !name || !namespace || `${namespace}/${name}`.includes('${') ? undefined : { namespace, name };
}

/** Why the volumes of a class with `off` are not encrypted, to follow "its volumes are not encrypted:". */
export function whyOff({ provisioner, driver, asked }: Pick<ClassView, 'provisioner' | 'driver' | 'asked'>): string {
  if (driver?.way === 'never') return `${provisioner} has no encryption`;
  if (asked !== undefined) return `the parameter ${parameterOf(driver)} is ${JSON.stringify(asked)}`;
  return `it does not ask ${provisioner} for it${driver?.parameter === undefined ? '' : ` with the parameter ${driver.parameter}`}`;
}
