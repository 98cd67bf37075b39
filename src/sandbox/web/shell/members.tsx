import { useId, type ReactElement } from 'react';
import type { PageChannel } from '../../slack/page/contract.ts';
import { Dialog } from '../dialogs/dialog.tsx';
import { personChoices } from '../elements/choices.ts';
import { Picker } from '../elements/picker.tsx';
import { Icon } from '../icon.tsx';
import { useHands } from '../surface.tsx';
import { useWorld } from '../world.tsx';
import { Avatar } from './avatar.tsx';
import { Badge } from './badge.tsx';

interface MembersProps {
  readonly channel: PageChannel;
  readonly onClose: () => void;
}

/** Who is in a channel, and how to bring in others. */
export function Members({ channel, onClose }: MembersProps): ReactElement {
  const id = useId();
  const world = useWorld();
  const { tryTo } = useHands();
  const others = personChoices(world).filter(({ value }) => !channel.members.includes(value));
  return (
    <Dialog labelledBy={id} isLight onLeave={onClose}>
      <header className="modal-head">
        <h2 id={id}>Members of #{channel.name}</h2>
        <button type="button" className="button-bare" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div className="dialog-body modal-body">
        {channel.isMember && !channel.isArchived && (
          <Picker
            placeholder="Add somebody"
            choices={others}
            chosen={[]}
            isMultiple={false}
            isDisabled={false}
            isInvalid={false}
            canClear={false}
            wantsFocus={false}
            onChoose={([choice]) => choice !== undefined && void tryTo({ do: 'invite', channel: channel.id, user: choice.value })}
            emptyText="Nobody else fits."
          />
        )}
        <ul className="members">
          {channel.members.map((member) => {
            const person = world.people.get(member);
            return (
              <li key={member}>
                <Avatar id={member} isSmall />
                <strong>{person?.realName ?? member}</strong>
                <span className="quiet">@{person?.handle ?? member}</span>
                <Badge person={person} />
              </li>
            );
          })}
        </ul>
      </div>
    </Dialog>
  );
}
