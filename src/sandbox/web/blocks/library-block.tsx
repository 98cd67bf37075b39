import type { ComponentProps, ReactElement } from 'react';
import { Message } from 'slack-blocks-to-jsx';
import type { BlockJson } from '../../slack/page/contract.ts';
import { useTheme } from '../client/theme.tsx';
import type { BlockProps } from './block-props.ts';

type LibraryBlocks = ComponentProps<typeof Message>['blocks'];

/** Blocks that are only looked at and that the library draws as Slack does: `markdown`, `plan`, `task_card` and `data_visualization`. */
export function LibraryBlock({ block }: BlockProps): ReactElement {
  const { theme } = useTheme();
  return (
    <div className="library-block">
      <Message blocks={asLibraryBlocks(block)} name="" logo="" withoutWrapper {...(theme !== 'system' && { theme })} />
    </div>
  );
}

/** The sandbox has checked the block against Slack's own rules when the app sent it. */
function asLibraryBlocks(block: BlockJson): LibraryBlocks {
  return [block] as unknown as LibraryBlocks;
}
