import type { ReactElement } from 'react';
import type { PageChannel } from '../../slack/page/contract.ts';
import { Icon } from '../icon.tsx';

interface ChannelNameProps {
  readonly channel: PageChannel;
  readonly appName: string;
}

/** A name with the sign of its kind before it. */
export function ChannelName({ channel: { kind, name }, appName }: ChannelNameProps): ReactElement {
  return (
    <span className="channel-name">
      {kind === 'im' ? (
        <Icon name="message" />
      ) : kind === 'private' ? (
        <>
          <Icon name="lock" />
          <span className="unseen">Private: </span>
        </>
      ) : (
        <span className="channel-sign" aria-hidden="true">
          #
        </span>
      )}
      <span className="channel-words">{kind === 'im' ? appName : name}</span>
    </span>
  );
}
