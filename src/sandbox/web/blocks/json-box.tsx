import type { ReactElement } from 'react';
import type { BlockJson } from '../../slack/page/contract.ts';
import { typeOf } from '../json.ts';

interface JsonBoxProps {
  readonly what: 'block' | 'element' | 'text' | 'attachment';
  readonly json: BlockJson;
}

/** For what this page does not know: visible, and never left out. */
export function JsonBox({ what, json }: JsonBoxProps): ReactElement {
  return (
    <details className="json-box" open>
      <summary>
        {typeOf(json) === '' ? `This ${what} has no type` : `${what.charAt(0).toUpperCase()}${what.slice(1)} “${typeOf(json)}”, which the sandbox cannot draw`}
      </summary>
      <pre>{JSON.stringify(json, undefined, 2)}</pre>
    </details>
  );
}
