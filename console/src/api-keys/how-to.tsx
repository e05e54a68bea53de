import { routes } from '@lianke/shared/api/routes';
import { keyRoutes } from '@lianke/shared/api-keys/routes';
import { Button, Select, Tabs, Tag } from 'antd';
import { useState } from 'react';
import { useApps, useForms } from '../api/queries.js';
import styles from './api-keys.module.css';
import { CodeBlock } from './code-block.js';
import { useKeyText } from './i18n.js';
import { sampleOf, samples } from './samples.js';

const failures = ['401', '403', '404', '400', '429'] as const;

/** 怎么调用: requests with a form's own names, what keys may call, what refusals mean. */
export function HowTo() {
  const text = useKeyText();
  const apps = useApps();
  const forms = useForms();
  const [chosen, setChosen] = useState<string>();
  const form = forms.data?.find((each) => each.id === chosen) ?? forms.data?.[0];
  const words = { key: text('keyPlace'), record: text('recordPlace') };
  return (
    <section className={styles.card}>
      <div className={styles.head}>
        <h2>{text('howTo')}</h2>
        <Button type="link" href="/api/openapi.json" target="_blank" rel="noreferrer" style={{ paddingInline: 0 }}>
          {text('document')}
        </Button>
      </div>
      <p className="muted">{text('howToHint')}</p>
      {(forms.data?.length ?? 0) > 0 && (
        <Select<string>
          aria-label={text('sampleForm')}
          style={{ width: 260, maxWidth: '100%', marginTop: 8 }}
          value={form?.id}
          onChange={setChosen}
          showSearch={{ optionFilterProp: 'label' }}
          options={(apps.data ?? []).flatMap((app) => {
            const options = (forms.data ?? [])
              .filter((each) => each.appId === app.id)
              .map((each) => ({ value: each.id as string, label: each.name }));
            return options.length > 0 ? [{ label: app.name, options }] : [];
          })}
        />
      )}
      <Tabs
        items={samples.map((kind) => ({
          key: kind,
          label: text(`sample_${kind}`),
          children: (
            <>
              <CodeBlock name={text(`sample_${kind}`)} code={sampleOf(kind, location.origin, form, words)} />
              <p className="muted">{text(`note_${kind}`)}</p>
            </>
          ),
        }))}
      />
      <h3>{text('routes')}</h3>
      <p className="muted">{text('routesHint')}</p>
      <ul className={styles.routes}>
        {(Object.keys(keyRoutes) as (keyof typeof keyRoutes)[]).map((name) => (
          <li key={name}>
            <span className={styles.routeName}>
              {text(`route.${name}`)}
              {keyRoutes[name] === 'write' && <Tag style={{ marginInlineStart: 6 }}>{text('writes')}</Tag>}
            </span>
            <code>
              {routes[name][0]} {routes[name][1]}
            </code>
          </li>
        ))}
      </ul>
      <h3>{text('errors')}</h3>
      <ul className={styles.routes}>
        {failures.map((status) => (
          <li key={status}>
            <span className={styles.routeName}>{status}</span>
            <span>{text(`error_${status}`)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
