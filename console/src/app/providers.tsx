import { QueryClientProvider } from '@tanstack/react-query';
import { App, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import dayjs from 'dayjs';
import { type ReactNode, useEffect, useState } from 'react';
import 'dayjs/locale/zh-cn.js';
import { I18nextProvider, useTranslation } from 'react-i18next';
import { createQueryClient } from '../api/queries.js';
import '../i18n/common.js';
import { i18n } from '../i18n/index.js';
import { themeOf, useDark, useStill, variableScope } from './theme.js';

function Themed({ children }: { children: ReactNode }) {
  const dark = useDark();
  const still = useStill();
  const english = useTranslation('common').i18n.language === 'en';
  useEffect(() => {
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
    document.documentElement.classList.add(variableScope);
  }, [dark]);
  useEffect(() => {
    dayjs.locale(english ? 'en' : 'zh-cn');
  }, [english]);
  return (
    <ConfigProvider
      locale={english ? enUS : zhCN}
      theme={themeOf(dark, still)}
      button={{ autoInsertSpace: false }}
      // A list drawn in part tells assistive technology of three options only.
      virtual={false}
    >
      <App style={{ height: '100%' }}>{children}</App>
    </ConfigProvider>
  );
}

/** Everything that stands around the pages: query cache, language, theme, messages. */
export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(createQueryClient);
  return (
    <I18nextProvider i18n={i18n}>
      <QueryClientProvider client={client}>
        <Themed>{children}</Themed>
      </QueryClientProvider>
    </I18nextProvider>
  );
}
