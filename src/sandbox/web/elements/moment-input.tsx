import type { ReactElement } from 'react';
import type { BlockJson, PageEntry } from '../../slack/page/contract.ts';
import { numberIn, stringIn, typeOf, wordsIn } from '../json.ts';
import { useSurface } from '../surface.tsx';
import { momentAt, wallTime, type Viewpoint } from '../text/dates.ts';
import { useWorld } from '../world.tsx';
import { Failure } from './failure.tsx';
import { useDraft } from './use-draft.ts';
import type { ElementProps } from './use-element.ts';

interface Kind {
  readonly inputType: 'date' | 'time' | 'datetime-local';
  readonly shown: (value: BlockJson, viewpoint: Viewpoint) => string;
  /** Undefined for what is not complete. */
  readonly entryOf: (text: string, viewpoint: Viewpoint) => PageEntry | undefined;
}

const TIMEPICKER: Kind = {
  inputType: 'time',
  shown: (value) => stringIn(value, 'selected_time') ?? '',
  entryOf: (text) => (text === '' ? null : /^\d{2}:\d{2}$/.exec(text)?.[0]),
};

const DATETIMEPICKER: Kind = {
  inputType: 'datetime-local',
  shown: (value, viewpoint) => {
    const seconds = numberIn(value, 'selected_date_time');
    return seconds === undefined ? '' : wallTime(new Date(seconds * 1000), viewpoint);
  },
  entryOf: (text, viewpoint) => {
    if (text === '') return null;
    const at = momentAt(text, viewpoint);
    return at && Math.floor(at.getTime() / 1000);
  },
};

const DATEPICKER: Kind = {
  inputType: 'date',
  shown: (value) => stringIn(value, 'selected_date') ?? '',
  // While a year is being typed it reads 0002, 0020, 0202.
  entryOf: (text) => (text === '' ? null : /^[12]\d{3}-\d{2}-\d{2}$/.exec(text)?.[0]),
};

/** `datepicker`, `timepicker` and `datetimepicker`, on the wall clock of the person. */
export function MomentInput(props: ElementProps): ReactElement {
  const { blockId, element, labelId, hintId, isInvalid = false } = props;
  const { viewpoint } = useWorld();
  const { values } = useSurface();
  const kind = typeOf(element) === 'timepicker' ? TIMEPICKER : typeOf(element) === 'datetimepicker' ? DATETIMEPICKER : DATEPICKER;
  const known = kind.shown(values[blockId]?.[stringIn(element, 'action_id') ?? ''] ?? {}, viewpoint);
  const { text, isDisabled, failure, change, send } = useDraft(props, known, (words) => kind.entryOf(words, viewpoint));
  return (
    <span className="element">
      <input
        type={kind.inputType}
        className="text-field text-field-moment"
        value={text}
        disabled={isDisabled}
        data-focus={element.focus_on_load === true || undefined}
        aria-labelledby={labelId}
        aria-label={labelId === undefined ? wordsIn(element, 'placeholder') || 'Date or time' : undefined}
        aria-describedby={hintId}
        aria-invalid={isInvalid || undefined}
        onChange={(event) => change(event.target.value)}
        onBlur={() => void send()}
      />
      <Failure text={failure} />
    </span>
  );
}
