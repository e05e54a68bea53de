import type { PoolSettings } from '@lianke/shared/pools/api';
import { Card, Form, Select } from 'antd';
import type { FormView } from '../api/queries.js';
import { FilterBuilder } from '../shared/filter-builder.js';
import { useText } from './i18n.js';
import { CountBox } from './pool-fields.js';

const dates: readonly string[] = ['date', 'datetime', 'lastContact'];

/** When owned records go back by themselves, and which never do. */
export function ReturnRules({
  form,
  settings,
  onChange,
}: {
  form: FormView;
  settings: PoolSettings;
  onChange: (part: Partial<PoolSettings>) => void;
}) {
  const text = useText();
  const contact = form.fields.filter((field) => !field.system && dates.includes(field.type));
  const first = contact.find((field) => field.type === 'lastContact') ?? contact[0];
  return (
    <Card size="small" title={text('auto')}>
      {contact.length > 0 && (
        <CountBox
          label={text('contactDays')}
          unit={text('daysUnit')}
          none={text('never')}
          max={3650}
          value={settings.contactDays}
          onChange={(contactDays) =>
            onChange({ contactDays, contactField: settings.contactField ?? first?.id ?? null })
          }
        />
      )}
      {contact.length > 0 && settings.contactDays !== null && (
        <div style={{ display: 'flex', gap: 8, alignItems: 'center', padding: '4px 0', flexWrap: 'wrap' }}>
          <span style={{ flex: '1 1 220px' }}>{text('contactField')}</span>
          <Select<string>
            aria-label={text('contactField')}
            style={{ width: 184 }}
            value={settings.contactField}
            options={contact.map((field) => ({ value: field.id, label: field.name }))}
            onChange={(contactField) => onChange({ contactField })}
          />
        </div>
      )}
      <CountBox
        label={text('dealDays')}
        unit={text('daysUnit')}
        none={text('never')}
        max={3650}
        value={settings.dealDays}
        onChange={(dealDays) => onChange({ dealDays })}
      />
      <CountBox
        label={text('notice')}
        unit={text('daysUnit')}
        none="0"
        min={0}
        max={60}
        value={settings.noticeDays}
        onChange={(days) => onChange({ noticeDays: days ?? 0 })}
      />
      <p className="muted">{text('noticeHint')}</p>
      <Form layout="vertical">
        <Form.Item label={text('dealt')} help={text('dealtHint')} style={{ marginBottom: 8 }}>
          <FilterBuilder
            fields={form.fields}
            value={settings.dealt ?? undefined}
            onChange={(dealt) => onChange({ dealt: dealt ?? null })}
            emptyText={text('dealtNone')}
          />
        </Form.Item>
      </Form>
    </Card>
  );
}
