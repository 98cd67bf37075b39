import type { ReactElement } from 'react';
import type { PageCommand } from '../../slack/page/contract.ts';

interface CommandListProps {
  readonly id: string;
  readonly commands: readonly PageCommand[];
  readonly active: number;
  readonly onChoose: (command: PageCommand) => void;
}

/** The commands that fit what has been typed. */
export function CommandList({ id, commands, active, onChoose }: CommandListProps): ReactElement {
  return (
    <div id={id} className="commands" role="listbox" aria-label="Commands" onMouseDown={(event) => event.preventDefault()}>
      {commands.map((command, index) => (
        <div key={command.command} id={`${id}-${index}`} className="option command" role="option" aria-selected={index === active} data-active={index === active || undefined} onClick={() => onChoose(command)}>
          <span className="option-label">
            <strong>{command.command}</strong> <span className="command-usage">{command.usageHint}</span>
          </span>
          <span className="option-description">{command.description}</span>
        </div>
      ))}
    </div>
  );
}
