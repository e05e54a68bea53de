import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App } from 'antd';
import type { ReactElement } from 'react';
import { renderToString } from 'react-dom/server';
import { MemoryRouter } from 'react-router-dom';
import { i18n } from '../i18n/index.js';

/** The text of a part of a page, read once with these answers of the server in both languages; React's own marks are left out. */
export function textOf(
  node: ReactElement,
  answers: readonly (readonly [key: readonly unknown[], data: unknown])[] = [],
  at = '/',
): { zh: string; en: string } {
  const render = (language: 'zh' | 'en') => {
    const client = new QueryClient();
    for (const [key, data] of answers) client.setQueryData(key, data);
    const before = i18n.language;
    void i18n.changeLanguage(language);
    try {
      const html = renderToString(
        <QueryClientProvider client={client}>
          <MemoryRouter initialEntries={[at]}>
            <App>{node}</App>
          </MemoryRouter>
        </QueryClientProvider>,
      );
      return html
        .replace(/<style[^>]*>.*?<\/style>/gs, '')
        .replace(/<!-- -->/g, '')
        .replace(/<[^>]+>/g, ' ')
        .replace(/\s+/g, ' ');
    } finally {
      void i18n.changeLanguage(before);
    }
  };
  return { zh: render('zh'), en: render('en') };
}
