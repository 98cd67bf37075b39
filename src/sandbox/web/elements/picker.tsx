import { useId, useRef, type ReactElement } from 'react';
import { Icon } from '../icon.tsx';
import type { Choice } from './choice.ts';
import { Floating } from './floating.tsx';
import { PickerList } from './picker-list.tsx';
import { usePicker } from './use-picker.ts';

export interface PickerProps {
  /** Named by a label, or else by its own words. */
  readonly labelId?: string | undefined;
  readonly hintId?: string | undefined;
  readonly placeholder: string;
  readonly choices: readonly Choice[];
  readonly chosen: readonly Choice[];
  readonly isMultiple: boolean;
  readonly isDisabled: boolean;
  readonly isInvalid: boolean;
  readonly canClear: boolean;
  readonly wantsFocus: boolean;
  readonly onChoose: (chosen: readonly Choice[]) => void;
  /** For choices that come from elsewhere; without it the picker searches among those it has. */
  readonly onSearch?: ((query: string) => void) | undefined;
  /** What the list says when there is nothing in it. */
  readonly emptyText: string;
}

/** A menu to search in, for one choice or several. */
export function Picker(props: PickerProps): ReactElement {
  const { placeholder, chosen, isMultiple, isDisabled, isInvalid, canClear, onChoose } = props;
  const frame = useRef<HTMLDivElement>(null);
  const listId = useId();
  const { isOpen, query, shown, active, open, close, search, pick, press } = usePicker(props);
  const [only] = isMultiple ? [] : chosen;

  return (
    <div ref={frame} className="picker" data-disabled={isDisabled || undefined} data-invalid={isInvalid || undefined}>
      {isMultiple && chosen.map((choice) => <Chip key={choice.value} choice={choice} isDisabled={isDisabled} onRemove={() => pick(choice)} />)}
      <input
        type="text"
        className="picker-input"
        role="combobox"
        autoComplete="off"
        data-focus={props.wantsFocus || undefined}
        aria-expanded={isOpen}
        aria-controls={isOpen ? listId : undefined}
        aria-activedescendant={isOpen && shown.length > 0 ? `${listId}-${active}` : undefined}
        aria-autocomplete="list"
        aria-labelledby={props.labelId}
        aria-label={props.labelId === undefined ? placeholder : undefined}
        aria-describedby={props.hintId}
        aria-invalid={isInvalid || undefined}
        disabled={isDisabled}
        placeholder={isOpen && only !== undefined ? only.label : isMultiple && chosen.length > 0 ? '' : placeholder}
        value={isOpen ? query : (only?.label ?? '')}
        onChange={(event) => search(event.target.value)}
        onClick={open}
        onBlur={close}
        onKeyDown={press}
      />
      {canClear && only !== undefined ? (
        <button type="button" className="picker-clear" aria-label="Clear" disabled={isDisabled} onClick={() => onChoose([])}>
          <Icon name="close" />
        </button>
      ) : (
        <Icon name="down" />
      )}
      {isOpen && (
        <Floating anchor={frame} keepsFocus onLeave={close}>
          <PickerList id={listId} choices={shown} chosen={chosen} isMultiple={isMultiple} active={active} emptyText={props.emptyText} onPick={pick} />
        </Floating>
      )}
    </div>
  );
}

interface ChipProps {
  readonly choice: Choice;
  readonly isDisabled: boolean;
  readonly onRemove: () => void;
}

function Chip({ choice, isDisabled, onRemove }: ChipProps): ReactElement {
  return (
    <span className="picked">
      {choice.label}
      <button type="button" aria-label={`Remove ${choice.label}`} disabled={isDisabled} onClick={onRemove}>
        <Icon name="close" />
      </button>
    </span>
  );
}
