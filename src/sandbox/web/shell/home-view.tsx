import type { ReactElement } from 'react';
import type { HomeTab, PageApp } from '../../slack/page/contract.ts';
import { Blocks } from '../blocks/block.tsx';
import { TypingProvider } from '../elements/typing.tsx';
import { jsonsIn } from '../json.ts';
import { SurfaceProvider } from '../surface.tsx';
import { Avatar } from './avatar.tsx';
import { PaneHead } from './pane-head.tsx';

interface HomeViewProps {
  readonly app: PageApp;
  /** Absent while it is being read. */
  readonly home: HomeTab | undefined;
  readonly onOpenSidebar: () => void;
}

/** The Home tab of the app. */
export function HomeView({ app, home, onOpenSidebar }: HomeViewProps): ReactElement {
  const view = home?.view;
  return (
    <main className="pane" aria-label={`Home of ${app.name}`}>
      <PaneHead
        title={
          <span className="channel-name">
            <Avatar id={app.userId} isSmall /> {app.name}
          </span>
        }
        note="Home"
        onOpenSidebar={onOpenSidebar}
      />
      <div className="home" tabIndex={0}>
        <div className="home-content">
          {view !== undefined && (
            <SurfaceProvider surface={{ place: { in: 'view', viewId: view.id }, values: view.values, errors: view.errors, pictures: view.pictures, isBusy: view.isBusy }}>
              <TypingProvider>
                <Blocks blocks={jsonsIn(view.content.blocks)} />
              </TypingProvider>
            </SurfaceProvider>
          )}
          {home !== undefined && view === undefined && <p className="quiet">{app.name} has not shown anything here yet.</p>}
        </div>
      </div>
    </main>
  );
}
