import { z } from 'zod';
import { NO_DETECTION_SETTINGS, type DetectionSettings } from '#src/model/detection.ts';
import { FALCO_PRIORITIES } from '#src/model/falco-alert.ts';

const names = z.array(z.string().min(1));
const limit = z.int().min(1);
const { thresholds } = NO_DETECTION_SETTINGS;

/** What a site tells the detections about itself, as the configuration file has it under `detections`. */
export const detectionSettingsShape = z.strictObject({
  impersonators: names.default([]),
  secretReaders: names.default([]),
  nodeProxyUsers: names.default([]),
  metadataReaders: names.default([]),
  ownRanges: z.array(z.union([z.cidrv4(), z.cidrv6()], { error: 'is no CIDR such as 198.51.100.0/24' })).default([]),
  falcoPriority: z.enum(FALCO_PRIORITIES).default(NO_DETECTION_SETTINGS.falcoPriority),
  thresholds: z
    .strictObject({
      secretsRead: limit.default(thresholds.secretsRead),
      secretsRefused: limit.default(thresholds.secretsRefused),
      requestsRefused: limit.default(thresholds.requestsRefused),
      requestsThrottled: limit.default(thresholds.requestsThrottled),
      portsTried: limit.default(thresholds.portsTried),
      connectionsDropped: limit.default(thresholds.connectionsDropped),
      namesAsked: limit.default(thresholds.namesAsked),
      volumeFactor: z.number().min(1.5).default(thresholds.volumeFactor),
    })
    .default(thresholds),
});

export function detectionSettings(given: z.output<typeof detectionSettingsShape> | undefined): DetectionSettings {
  return given ?? NO_DETECTION_SETTINGS;
}
