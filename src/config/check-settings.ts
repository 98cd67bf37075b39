import { z } from 'zod';
import { NO_SETTINGS, type CheckSettings } from '#src/model/settings.ts';

const name = z.string().min(1);

/** What a site tells the checks about itself, as the configuration file has it under `checks`. */
export const checkSettingsShape = z.strictObject({
  /** Registries, or repositories below them, that images may come from: `registry.example`, `ghcr.io/acme`. */
  allowedRegistries: z.array(name).min(1).optional(),
  /** Accounts of pipelines, with the namespaces that they deploy to. */
  ciAccounts: z.array(z.strictObject({ namespace: name, name, ownNamespaces: z.array(name).default([]) })).optional(),
});

export function checkSettings(given: z.output<typeof checkSettingsShape> | undefined): CheckSettings {
  const { allowedRegistries, ciAccounts = NO_SETTINGS.ciAccounts } = given ?? {};
  return { ...(allowedRegistries !== undefined && { allowedRegistries }), ciAccounts };
}
