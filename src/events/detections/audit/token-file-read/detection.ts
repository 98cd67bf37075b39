import { objectName, userName } from '#src/model/audit-object.ts';
import { defineDetection } from '#src/model/detection.ts';
import { commandOf, shownCommand } from '#src/model/exec-command.ts';
import { kubernetes } from '#src/model/references.ts';
import { isSystemAtHome } from '../requests.ts';

/** Also with doubled slashes and needless dots. */
const TOKEN_FOLDER = /\/run\/+(?:\.\/+)*secrets\//;

/** Tells of each command that names the files in which a pod keeps its token. */
export const detection = defineDetection({
  id: 'audit/token-file-read',
  title: 'A command named the token of a pod',
  severity: 'critical',
  tips: [8],
  why: 'With the token whoever ran the command acts as the pod’s account, from anywhere.',
  fix: 'Ask the person whether it was them; if it was not, delete the pod, look at what its account may do and was seen doing, and end the session of the person.',
  sources: [kubernetes('Service accounts', 'concepts/security/service-accounts/')],
  audit: {
    resources: ['pods/exec'],
    verbs: ['create', 'get'],
    *judge(event) {
      if (event.outcome !== 'allowed' || isSystemAtHome(event)) return;
      const command = commandOf(event) ?? [];
      if (!TOKEN_FOLDER.test(command.join(' ')) && !TOKEN_FOLDER.test(decoded(event.uri ?? ''))) return;
      const shown = shownCommand(command);
      yield { message: `${userName(event)} ran a command that names the token of ${objectName(event)}${shown.length > 0 ? `: ${shown.join(' ')}` : ''}`, ...(shown.length > 0 && { command: shown }) };
    },
  },
});

/** A URL that is not well formed is looked at as it is. */
function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}
