import type { ComponentType, ReactElement } from 'react';
import { JsonBox } from '../blocks/json-box.tsx';
import { Picture } from '../blocks/picture.tsx';
import { stringIn, typeOf } from '../json.ts';
import { Button, FeedbackButtons, IconButton } from './button.tsx';
import { Checks } from './checks.tsx';
import { MomentInput } from './moment-input.tsx';
import { Overflow } from './overflow.tsx';
import { RichTextInput } from './rich-text-input.tsx';
import { Select } from './select.tsx';
import { TextInput } from './text-input.tsx';
import type { ElementProps } from './use-element.ts';

const ELEMENTS: Readonly<Record<string, ComponentType<ElementProps>>> = {
  button: Button,
  workflow_button: Button,
  icon_button: IconButton,
  feedback_buttons: FeedbackButtons,
  overflow: Overflow,
  checkboxes: Checks,
  radio_buttons: Checks,
  static_select: Select,
  external_select: Select,
  users_select: Select,
  conversations_select: Select,
  channels_select: Select,
  multi_static_select: Select,
  multi_external_select: Select,
  multi_users_select: Select,
  multi_conversations_select: Select,
  multi_channels_select: Select,
  datepicker: MomentInput,
  timepicker: MomentInput,
  datetimepicker: MomentInput,
  plain_text_input: TextInput,
  email_text_input: TextInput,
  url_text_input: TextInput,
  number_input: TextInput,
  rich_text_input: RichTextInput,
  file_input: () => <span className="element-note">Files cannot be handed in here.</span>,
  image: ({ element }) => <Picture image={element} isSmall />,
};

/** Anything that stands inside of a block and is no text. One that is not known is shown as its JSON. */
export function Element(props: ElementProps): ReactElement {
  const { element } = props;
  const Known = ELEMENTS[typeOf(element)];
  if (Known === undefined) return <JsonBox what="element" json={element} />;
  return <Known key={stringIn(element, 'action_id')} {...props} />;
}
