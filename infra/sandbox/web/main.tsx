import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Drawer } from './drawer.js';
import { LanguageProvider } from './i18n.js';
import { Stage } from './stage.js';
import './styles/base.css';
import './styles/stage.css';
import './styles/panels.css';
import './styles/log.css';
import './styles/phone.css';
import './styles/phone-tabs.css';
import './styles/scanner.css';
import './styles/message.css';
import './styles/ding.css';
import './styles/external.css';
import './styles/group.css';
import './styles/stand.css';

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <LanguageProvider>{location.pathname === '/drawer' ? <Drawer /> : <Stage />}</LanguageProvider>
    </StrictMode>,
  );
}
