import type { InstallChoice, PackagePreview } from '@lianke/shared/apps/package-api';
import type { FormId } from '@lianke/shared/ids';
import { Select } from 'antd';
import { useApps, useForms } from '../api/queries.js';
import { useText } from './i18n.js';
import styles from './packages.module.css';
import { openText, usesText } from './said.js';

interface Props {
  preview: PackagePreview;
  forms: InstallChoice['forms'];
  onChange: (forms: InstallChoice['forms']) => void;
}

/** Which forms stand for those of other apps that the package's relations lead to; without one they are left off. */
export function OutsideForms({ preview, forms, onChange }: Props) {
  const text = useText();
  const apps = useApps().data ?? [];
  const options = (useForms().data ?? []).flatMap((form) => {
    const app = apps.find((item) => item.id === form.appId);
    return app && app.id !== preview.choice.appId ? [{ value: form.id, label: `${app.name} · ${form.name}` }] : [];
  });
  // Those that the app leads to already are asked for no more.
  const asked = preview.open.filter((item) => item.kind === 'outside' && (!item.filled || forms[item.token]));
  if (asked.length === 0) return null;
  return (
    <section className={styles.card}>
      <h2>{text('outsideTitle')}</h2>
      <span className="muted">{text('outsideHint')}</span>
      {asked.map((item) => {
        const label = openText(text, item);
        return (
          <div key={item.token} className={styles.place}>
            <span>
              {label} <span className="muted">{usesText(text, item)}</span>
            </span>
            <Select<FormId>
              aria-label={label}
              allowClear
              showSearch={{ optionFilterProp: 'label' }}
              placeholder={text('outsideNone')}
              value={(forms[item.token] ?? null) as FormId}
              options={options}
              onChange={(value: FormId | undefined) => {
                const { [item.token]: _, ...left } = forms;
                onChange(value ? { ...left, [item.token]: value } : left);
              }}
            />
          </div>
        );
      })}
    </section>
  );
}
