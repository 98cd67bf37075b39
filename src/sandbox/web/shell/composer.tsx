import { useEffect, useId, useRef, type ReactElement } from 'react';
import type { PageCommand, PageShortcut } from '../../slack/page/contract.ts';
import { Menu } from '../elements/menu.tsx';
import { Icon } from '../icon.tsx';
import { useHands } from '../surface.tsx';
import { CommandList } from './command-list.tsx';
import { usedCommand } from './commands.ts';
import type { LineHistory } from './line-history.ts';
import { useComposer } from './use-composer.ts';

interface ComposerProps {
  readonly channel: string;
  readonly threadTs?: string;
  readonly placeholder: string;
  /** Those that can be typed here. */
  readonly commands: readonly PageCommand[];
  readonly shortcuts: readonly PageShortcut[];
  readonly history: LineHistory;
  /** Takes the keyboard as soon as it is there. */
  readonly takesFocus: boolean;
}

/** Where a person writes. Enter sends, Shift and Enter begins a new line, Up brings back what was sent before. */
export function Composer({ channel, threadTs, placeholder, commands, shortcuts, history, takesFocus }: ComposerProps): ReactElement {
  const { tryTo } = useHands();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const composing = useComposer(commands, history, (text) => tryTo({ do: 'type', channel, text, ...(threadTs !== undefined && { threadTs }) }));
  const { text, suggested, active, write, choose, send, press } = composing;
  const isOpen = suggested.length > 0;

  useEffect(() => {
    if (takesFocus) field.current?.focus();
  }, [takesFocus]);

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {isOpen && <CommandList id={`${id}-list`} commands={suggested} active={active} onChoose={choose} />}
      <div className="composer-box">
        {shortcuts.length > 0 && <Shortcuts shortcuts={shortcuts} />}
        <textarea
          ref={field}
          className="composer-field"
          rows={1}
          value={text}
          placeholder={placeholder}
          aria-label={placeholder}
          role="combobox"
          aria-expanded={isOpen}
          aria-controls={isOpen ? `${id}-list` : undefined}
          aria-activedescendant={isOpen ? `${id}-list-${active}` : undefined}
          aria-autocomplete="list"
          aria-describedby={`${id}-hint`}
          onChange={(event) => write(event.target.value)}
          onKeyDown={press}
        />
        <button type="submit" className="composer-send" aria-label="Send" title="Send" disabled={text.trim() === ''}>
          <Icon name="send" />
        </button>
      </div>
      <div className="composer-hint" id={`${id}-hint`}>
        <Hint command={usedCommand(text, commands)} />
      </div>
    </form>
  );
}

function Shortcuts({ shortcuts }: { readonly shortcuts: readonly PageShortcut[] }): ReactElement {
  const { tryTo } = useHands();
  const items = shortcuts.map(({ name, description, callbackId }) => ({ key: callbackId, label: name, description, onChoose: () => void tryTo({ do: 'shortcut', callbackId }) }));
  return (
    <Menu label="Shortcuts" className="button-bare" align="start" items={items}>
      <Icon name="zap" />
    </Menu>
  );
}

function Hint({ command }: { readonly command: PageCommand | undefined }): ReactElement {
  if (command !== undefined) {
    return (
      <span>
        <strong>{command.command}</strong> {command.usageHint}
      </span>
    );
  }
  return (
    <span className="composer-keys">
      <kbd>Enter</kbd> sends · <kbd>Shift</kbd> <kbd>Enter</kbd> new line · <kbd>↑</kbd> last one
    </span>
  );
}
