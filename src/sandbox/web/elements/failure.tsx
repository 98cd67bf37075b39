import type { ReactElement } from 'react';
import { Icon } from '../icon.tsx';

/** The warning sign that Slack shows beside an element that did not work. */
export function Failure({ text }: { readonly text: string | undefined }): ReactElement | null {
  if (text === undefined) return null;
  return (
    <span className="failure" role="alert" title={text}>
      <Icon name="warning" />
      <span className="failure-text">{text}</span>
    </span>
  );
}
