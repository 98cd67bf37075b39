import type { CSSProperties, ReactElement } from 'react';
import type { BlockJson } from '../../slack/page/contract.ts';
import { Blocks } from '../blocks/block.tsx';
import { JsonBox } from '../blocks/json-box.tsx';
import { jsonsIn, stringIn } from '../json.ts';
import { OutsideLink } from '../text/pieces-view.tsx';
import { safeUrl } from '../text/pieces.ts';
import { Mrkdwn } from '../text/mrkdwn-view.tsx';

/** A legacy attachment: blocks or texts beside a bar of color. */
export function Attachment({ attachment }: { readonly attachment: BlockJson }): ReactElement {
  const blocks = jsonsIn(attachment.blocks);
  const color = barColor(stringIn(attachment, 'color'));
  const bar: CSSProperties | undefined = color === undefined ? undefined : { borderColor: color };
  return (
    <div className="attachment" style={bar}>
      {blocks.length > 0 ? <Blocks blocks={blocks} /> : <Texts attachment={attachment} />}
    </div>
  );
}

function Texts({ attachment }: { readonly attachment: BlockJson }): ReactElement {
  const [pretext, author, title, text, footer] = ['pretext', 'author_name', 'title', 'text', 'footer'].map((field) => stringIn(attachment, field));
  const fields = jsonsIn(attachment.fields);
  const fallback = stringIn(attachment, 'fallback');
  const url = safeUrl(stringIn(attachment, 'title_link') ?? '');
  if ([pretext, author, title, text, footer].every((words) => words === undefined) && fields.length === 0) {
    return fallback === undefined ? <JsonBox what="attachment" json={attachment} /> : <Mrkdwn text={fallback} />;
  }
  return (
    <>
      {pretext !== undefined && <Mrkdwn text={pretext} />}
      {author !== undefined && <div className="card-subtitle">{author}</div>}
      {title !== undefined && <strong>{url === undefined ? title : <OutsideLink url={url}>{title}</OutsideLink>}</strong>}
      {text !== undefined && <Mrkdwn text={text} />}
      {fields.length > 0 && (
        <div className="fields">
          {fields.map((field, index) => (
            <div key={index}>
              <strong>{stringIn(field, 'title')}</strong>
              <Mrkdwn text={stringIn(field, 'value') ?? ''} />
            </div>
          ))}
        </div>
      )}
      {footer !== undefined && <div className="context">{footer}</div>}
    </>
  );
}

const NAMED: Readonly<Record<string, string>> = { good: '#2eb67d', warning: '#e0a500', danger: '#e01e5a' };

function barColor(color: string | undefined): string | undefined {
  if (color === undefined) return undefined;
  return NAMED[color] ?? (/^#?[0-9a-f]{6}$/i.test(color) ? `#${color.replace('#', '')}` : undefined);
}
