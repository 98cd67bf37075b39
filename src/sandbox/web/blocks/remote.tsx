import type { ReactElement } from 'react';
import { Icon } from '../icon.tsx';
import { jsonIn, stringIn, wordsIn } from '../json.ts';
import { OutsideLink } from '../text/pieces-view.tsx';
import { safeUrl } from '../text/pieces.ts';
import { TextObject } from '../text/text-object.tsx';
import type { BlockProps } from './block-props.ts';

/** A video lies outside of the sandbox, so it is named and not played. */
export function Video({ block }: BlockProps): ReactElement {
  const url = safeUrl(stringIn(block, 'title_url') ?? stringIn(block, 'video_url') ?? '');
  const title = wordsIn(block, 'title');
  const description = jsonIn(block, 'description');
  const makers = [stringIn(block, 'provider_name'), stringIn(block, 'author_name')].filter((name) => name !== undefined);
  return (
    <figure className="remote">
      <figcaption>
        <strong>{url === undefined ? title : <OutsideLink url={url}>{title}</OutsideLink>}</strong>
        {makers.length > 0 && <span className="card-subtitle">{makers.join(' · ')}</span>}
      </figcaption>
      {description !== undefined && <TextObject text={description} />}
      <span className="picture picture-missing">
        <Icon name="picture" />
        <span>Video, not played here: {stringIn(block, 'alt_text')}</span>
      </span>
    </figure>
  );
}

export function RemoteFile({ block }: BlockProps): ReactElement {
  return (
    <div className="remote file-row">
      <Icon name="file" />
      <span>Remote file {stringIn(block, 'external_id')}, which lies outside of the sandbox</span>
    </div>
  );
}
