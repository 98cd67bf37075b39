import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import 'slack-blocks-to-jsx/dist/style.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/blocks.css';
import './styles/shell.css';
import './styles/messages.css';
import './styles/dialogs.css';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no place for the app.');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
