import { useId, type ReactElement } from 'react';
import { jsonIn, jsonsIn, stringIn, typeOf } from '../json.ts';
import { TextObject } from '../text/text-object.tsx';
import { Failure } from './failure.tsx';
import { useElement, type ElementProps } from './use-element.ts';

/** `checkboxes` and `radio_buttons`. */
export function Checks(props: ElementProps): ReactElement {
  const { element, labelId, hintId } = props;
  const { value, use, isDisabled, failure } = useElement(props);
  const name = useId();
  const isMultiple = typeOf(element) === 'checkboxes';
  const options = jsonsIn(element.options);
  const chosen = new Set((isMultiple ? jsonsIn(value.selected_options) : [jsonIn(value, 'selected_option') ?? {}]).map((option) => stringIn(option, 'value')));

  function choose(picked: string, isOn: boolean): void {
    if (!isMultiple) {
      void use(picked, { selected_option: options.find((option) => option.value === picked) ?? null });
      return;
    }
    const after = options.filter((option) => (option.value === picked ? isOn : chosen.has(stringIn(option, 'value'))));
    void use(
      after.map((option) => stringIn(option, 'value') ?? ''),
      { selected_options: after },
    );
  }

  return (
    <div className="element checks" role={isMultiple ? 'group' : 'radiogroup'} aria-labelledby={labelId} aria-describedby={hintId}>
      {options.map((option, index) => {
        const picked = stringIn(option, 'value') ?? '';
        const description = jsonIn(option, 'description');
        return (
          <label key={picked} className="check">
            <input
              type={isMultiple ? 'checkbox' : 'radio'}
              name={name}
              checked={chosen.has(picked)}
              disabled={isDisabled}
              data-focus={(element.focus_on_load === true && index === 0) || undefined}
              onChange={(event) => choose(picked, event.target.checked)}
            />
            <span>
              <TextObject text={jsonIn(option, 'text') ?? {}} />
              {description !== undefined && (
                <span className="check-description">
                  <TextObject text={description} />
                </span>
              )}
            </span>
          </label>
        );
      })}
      <Failure text={failure} />
    </div>
  );
}
