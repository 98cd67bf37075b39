import type { PageCommand } from '../../slack/page/contract.ts';

/** Commands that can still become of what has been typed so far. */
export function suggestedCommands(text: string, commands: readonly PageCommand[]): readonly PageCommand[] {
  if (!text.startsWith('/') || /\s/.test(text)) return [];
  return commands.filter(({ command }) => command.startsWith(text.toLowerCase()));
}

/** The command that a line is for. */
export function usedCommand(text: string, commands: readonly PageCommand[]): PageCommand | undefined {
  const [word] = text.split(/\s/);
  return commands.find(({ command }) => command === word);
}
