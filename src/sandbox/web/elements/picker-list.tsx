import { Fragment, useEffect, useRef, type ReactElement } from 'react';
import { Icon } from '../icon.tsx';
import type { Choice } from './choice.ts';

interface PickerListProps {
  readonly id: string;
  readonly choices: readonly Choice[];
  readonly chosen: readonly Choice[];
  readonly isMultiple: boolean;
  readonly active: number;
  readonly emptyText: string;
  readonly onPick: (choice: Choice) => void;
}

export function PickerList({ id, choices, chosen, isMultiple, active, emptyText, onPick }: PickerListProps): ReactElement {
  const list = useRef<HTMLDivElement>(null);
  const chosenValues = new Set(chosen.map(({ value }) => value));
  useEffect(() => {
    list.current?.querySelector('[data-active]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  return (
    <div ref={list} id={id} className="options" role="listbox" aria-multiselectable={isMultiple}>
      {choices.length === 0 && <div className="options-empty">{emptyText}</div>}
      {choices.map((choice, index) => (
        <Fragment key={choice.value}>
          {choice.group !== undefined && choice.group !== choices[index - 1]?.group && (
            <div className="options-group" role="presentation">
              {choice.group}
            </div>
          )}
          <div
            id={`${id}-${index}`}
            className="option"
            role="option"
            aria-selected={chosenValues.has(choice.value)}
            data-active={index === active || undefined}
            onClick={() => onPick(choice)}
          >
            <span className="option-label">{choice.label}</span>
            {choice.description !== undefined && <span className="option-description">{choice.description}</span>}
            {chosenValues.has(choice.value) && <Icon name="check" />}
          </div>
        </Fragment>
      ))}
    </div>
  );
}
