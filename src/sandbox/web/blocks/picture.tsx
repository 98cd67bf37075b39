import type { ReactElement } from 'react';
import type { BlockJson, PageFile } from '../../slack/page/contract.ts';
import { Icon } from '../icon.tsx';
import { jsonIn, stringIn } from '../json.ts';
import { useSurface } from '../surface.tsx';
import { OutsideLink } from '../text/pieces-view.tsx';
import { safeUrl } from '../text/pieces.ts';

interface PictureProps {
  /** An image block, element or icon. */
  readonly image: BlockJson;
  readonly isSmall?: boolean;
}

/** A picture of the sandbox itself. One that lies elsewhere is not fetched; its alt text stands in a frame instead. */
export function Picture({ image, isSmall = false }: PictureProps): ReactElement {
  const { pictures } = useSurface();
  const altText = stringIn(image, 'alt_text') ?? '';
  const source = ownSource(image, pictures);
  const className = isSmall ? 'picture picture-small' : 'picture';
  if (source !== undefined) return <img className={className} src={source} alt={altText} title={altText} />;
  const url = safeUrl(stringIn(image, 'image_url') ?? '');
  return (
    <span className={`${className} picture-missing`} title={altText}>
      <Icon name="picture" />
      {!isSmall && <span>{altText === '' ? 'Picture without alt text' : altText}</span>}
      {isSmall && <span className="unseen">{altText}</span>}
      {!isSmall && url !== undefined && <OutsideLink url={url}>Not shown: it lies outside of the sandbox</OutsideLink>}
    </span>
  );
}

function ownSource(image: BlockJson, pictures: readonly PageFile[]): string | undefined {
  const slackFile = jsonIn(image, 'slack_file');
  if (slackFile !== undefined) return pictures.find(({ id, url }) => id === slackFile.id || (typeof slackFile.url === 'string' && slackFile.url.endsWith(url)))?.url;
  const url = stringIn(image, 'image_url');
  if (url === undefined) return undefined;
  if (/^\/(?!\/)/.test(url)) return url;
  const origin = (globalThis as { readonly location?: { readonly origin: string } }).location?.origin;
  return origin !== undefined && url.startsWith(`${origin}/`) ? url : undefined;
}
