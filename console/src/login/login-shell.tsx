import { CheckOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { chooseLanguage } from '../i18n/index.js';
import './i18n.js';
import styles from './login.module.css';

/** The page of those who are not signed in: what this is on the left, a card on the right. */
export function LoginShell({ title, children }: { title: string; children: ReactNode }) {
  const { t, i18n } = useTranslation('login');
  return (
    <div className={styles.page}>
      <aside className={styles.side}>
        <div className={styles.brand}>
          <img src="/favicon.svg" alt="" />
          {t('common:product')}
        </div>
        <h1>{t('slogan')}</h1>
        <ul>
          {['slogan1', 'slogan2', 'slogan3'].map((key) => (
            <li key={key}>
              <CheckOutlined /> {t(key)}
            </li>
          ))}
        </ul>
      </aside>
      <main className={styles.main}>
        <div style={{ width: '100%', maxWidth: 380 }}>
          <div className={styles.card}>
            <h2>{title}</h2>
            {children}
          </div>
          <div className={styles.foot}>
            <Button type="text" size="small" onClick={() => chooseLanguage(i18n.language === 'en' ? 'zh' : 'en')}>
              {i18n.language === 'en' ? '中文' : 'English'}
            </Button>
          </div>
        </div>
      </main>
    </div>
  );
}
