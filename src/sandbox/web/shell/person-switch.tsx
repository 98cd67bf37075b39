import type { ReactElement } from 'react';
import type { PagePerson } from '../../slack/page/contract.ts';
import { Menu } from '../elements/menu.tsx';
import { Icon } from '../icon.tsx';
import { Avatar } from './avatar.tsx';
import { sortWord } from './badge.tsx';

interface PersonSwitchProps {
  readonly me: PagePerson;
  readonly people: readonly PagePerson[];
  readonly onSwitch: (person: PagePerson) => void;
}

/** Who acts on this page. */
export function PersonSwitch({ me, people, onSwitch }: PersonSwitchProps): ReactElement {
  const items = people
    .filter(({ canAct }) => canAct)
    .map((person) => ({
      key: person.id,
      label: (
        <span className="person">
          <Avatar id={person.id} isSmall />
          <span>
            {person.realName}
            <span className="menu-description"> {personNote(person)}</span>
          </span>
        </span>
      ),
      isChecked: person.id === me.id,
      onChoose: () => onSwitch(person),
    }));
  return (
    <Menu label={`You are ${me.realName}. Be somebody else`} className="person-switch" align="start" items={items}>
      <Avatar id={me.id} />
      <span className="person-names">
        <span className="person-you">You are</span>
        <strong>{me.realName}</strong>
        <span className="person-note">{personNote(me)}</span>
      </span>
      <Icon name="down" />
    </Menu>
  );
}

function personNote(person: PagePerson): string {
  const word = sortWord(person);
  return word === undefined ? `@${person.handle}` : `@${person.handle} · ${word}`;
}
