import './app/base.css';
import { createRoot } from 'react-dom/client';
import { Providers } from './app/providers.js';
import { AppRouter } from './app/router.js';

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <Providers>
      <AppRouter />
    </Providers>,
  );
}
