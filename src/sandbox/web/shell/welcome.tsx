import type { ReactElement } from 'react';
import { useHands } from '../surface.tsx';

const COMMANDS = ['scan', 'findings', 'help'] as const;

interface WelcomeProps {
  readonly channel: string;
  /** With its slash; absent without an app that has one. */
  readonly command: string | undefined;
}

/** Says what this page is and what to try first. */
export function Welcome({ channel, command }: WelcomeProps): ReactElement {
  const { tryTo } = useHands();
  return (
    <section className="welcome" aria-label="About this page">
      <p>
        <strong>This is a sandbox.</strong> It stands in for Slack so that you can try the bot. Nothing here leaves this machine.
      </p>
      {command !== undefined && (
        <div className="welcome-tries">
          <span>Try one:</span>
          {COMMANDS.map((word) => (
            <button key={word} type="button" className="try" onClick={() => void tryTo({ do: 'type', channel, text: `${command} ${word}` })}>
              {command} {word}
            </button>
          ))}
        </div>
      )}
      <p className="welcome-more">Beside the channels you can change who you are: an operator, an approver, a developer, a guest. What each of them may do differs.</p>
    </section>
  );
}
