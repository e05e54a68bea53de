import { FilterOutlined } from '@ant-design/icons';
import { formActions } from '@lianke/shared/forms/definition';
import { type FormGrant, type RecordScope, recordScopes } from '@lianke/shared/org/api';
import { Button, Checkbox, Popover, Select, Tooltip } from 'antd';
import { useState } from 'react';
import type { FormView } from '../../api/queries.js';
import { FilterBuilder } from '../../shared/filter-builder.js';
import { useText } from '../i18n.js';
import { FieldRightsDrawer } from './field-rights-drawer.js';
import { rightOf, toggleAction } from './grants.js';
import styles from './roles.module.css';

interface Props {
  form: FormView;
  roleName: string;
  /** What the row is called: the role in a form's tab, the form in a role's page. */
  label: string;
  grant: FormGrant;
  disabled?: boolean;
  onChange: (grant: FormGrant) => void;
}

/** What one role may do with one form, on one line, with its sentence below. */
export function GrantRow({ form, roleName, label, grant, disabled = false, onChange }: Props) {
  const text = useText();
  const [fieldsOpen, setFieldsOpen] = useState(false);
  const off = disabled || grant.actions.length === 0;
  const limited = form.fields.filter((field) => rightOf(grant, field) !== 'write').length;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset brings its own frame and legend
    <div className={styles.row} role="group" aria-label={label}>
      <div className={styles.rowName}>
        <strong className="ellipsis">{label}</strong>
        <span className={styles.sentence}>{useSentence(form, roleName, grant)}</span>
      </div>
      <div className={styles.actions}>
        {formActions.map((action) => (
          <Checkbox
            key={action}
            disabled={disabled}
            checked={grant.actions.includes(action)}
            onChange={(event) => onChange(toggleAction(grant, action, event.target.checked))}
          >
            {text(`action_${action}`)}
          </Checkbox>
        ))}
      </div>
      <div className={styles.limits}>
        <Select<RecordScope>
          size="small"
          aria-label={text('scope')}
          disabled={off}
          value={grant.scope}
          onChange={(scope) => onChange({ ...grant, scope })}
          options={recordScopes.map((scope) => ({ value: scope, label: text(`scope_${scope}`) }))}
          style={{ width: 136 }}
        />
        <Popover
          trigger="click"
          placement="bottomRight"
          destroyOnHidden
          title={text('extraFilter')}
          content={
            <div style={{ width: 560 }}>
              <p className="muted" style={{ marginBottom: 8 }}>
                {text('extraFilterHint')}
              </p>
              <FilterBuilder
                fields={form.fields}
                value={grant.filter}
                emptyText={text('extraFilterEmpty')}
                onChange={(filter) => {
                  const { filter: _, ...rest } = grant;
                  onChange(filter ? { ...rest, filter } : rest);
                }}
              />
            </div>
          }
        >
          <Tooltip title={text('extraFilterHint')}>
            <Button
              size="small"
              disabled={off || grant.scope === 'all'}
              icon={<FilterOutlined />}
              type={grant.filter && !off && grant.scope !== 'all' ? 'primary' : 'default'}
              ghost={Boolean(grant.filter) && !off && grant.scope !== 'all'}
              aria-label={text('extraFilterNone')}
            />
          </Tooltip>
        </Popover>
        <Button size="small" disabled={off} onClick={() => setFieldsOpen(true)}>
          {text('fieldRights')}：{limited === 0 ? text('allWritable') : text('limitedFields', { n: limited })}
        </Button>
      </div>
      <FieldRightsDrawer
        open={fieldsOpen}
        form={form}
        roleName={roleName}
        grant={grant}
        onChange={onChange}
        onClose={() => setFieldsOpen(false)}
      />
    </div>
  );
}

/** The grant in plain words: 「销售可以查看、新增、编辑本人负责的数据。看不到成本价。」 */
function useSentence(form: FormView, role: string, grant: FormGrant): string {
  const text = useText();
  if (grant.actions.length === 0) return text('sentenceNone', { role });
  const join = (parts: string[]) => parts.join(text('and'));
  const named = (right: 'hidden' | 'read') =>
    form.fields.filter((field) => !field.system && rightOf(grant, field) === right).map((field) => field.name);
  const hidden = named('hidden');
  const read = named('read');
  return [
    text('sentence', {
      role,
      actions: join(grant.actions.map((action) => text(`action_${action}`))),
      scope: text(`scope_${grant.scope}`),
    }),
    ...(hidden.length > 0 ? [text('sentenceHidden', { fields: join(hidden) })] : []),
    ...(read.length > 0 ? [text('sentenceRead', { fields: join(read) })] : []),
  ].join('');
}
