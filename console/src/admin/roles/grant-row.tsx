import { formActions } from '@lianke/shared/forms/definition';
import { type FormGrant, type RecordScope, recordScopes } from '@lianke/shared/org/api';
import { Button, Checkbox, Select } from 'antd';
import { useState } from 'react';
import type { FormView } from '../../api/queries.js';
import { colon } from '../../i18n/punctuation.js';
import { useText } from '../i18n.js';
import { FieldRightsDrawer } from './field-rights-drawer.js';
import { denyOf, extrasOf, maskOf, rightOf, toggleAction } from './grants.js';
import { MoreRightsDrawer } from './more-rights-drawer.js';
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
  const [moreOpen, setMoreOpen] = useState(false);
  const extras = extrasOf(grant);
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
        <Button
          size="small"
          disabled={disabled}
          type={extras > 0 ? 'primary' : 'default'}
          ghost={extras > 0}
          onClick={() => setMoreOpen(true)}
        >
          {extras > 0 ? text('moreCount', { n: extras }) : text('more')}
        </Button>
        <Button size="small" disabled={off} onClick={() => setFieldsOpen(true)}>
          {text('fieldRights')}
          {colon()}
          {limited === 0 ? text('allWritable') : text('limitedFields', { n: limited })}
        </Button>
      </div>
      <MoreRightsDrawer
        open={moreOpen}
        form={form}
        roleName={roleName}
        grant={grant}
        onChange={onChange}
        onClose={() => setMoreOpen(false)}
      />
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
  const join = (parts: string[]) => parts.join(text('and'));
  const deny = denyOf(grant);
  const forbidden = [
    ...(deny.actions.length > 0
      ? [text('sentenceDeny', { actions: join(deny.actions.map((action) => text(`action_${action}`))) })]
      : []),
    ...(deny.filter ? [text('sentenceDenyRows')] : []),
    ...(Object.keys(deny.fields).length > 0
      ? [text('sentenceDenyFields', { n: Object.keys(deny.fields).length })]
      : []),
  ];
  if (grant.actions.length === 0) return [text('sentenceNone', { role }), ...forbidden].join('');
  const named = (right: 'hidden' | 'masked' | 'read') =>
    form.fields.filter((field) => !field.system && rightOf(grant, field) === right).map((field) => field.name);
  const hidden = named('hidden');
  const confined = form.fields.filter((field) => rightOf(grant, field) === 'masked' && maskOf(grant, field));
  const sometimes = confined.map((field) => field.name);
  const masked = named('masked').filter((name) => !sometimes.includes(name));
  const read = named('read');
  const more = [
    ...(grant.involved && grant.scope !== 'all' ? [text('sentenceInvolved')] : []),
    ...(grant.scope === 'all' ? [] : (grant.inherit ?? [])).map((id) =>
      text('sentenceInherit', { field: form.fields.find((field) => field.id === id || field.key === id)?.name ?? id }),
    ),
    ...(grant.filter && grant.scope !== 'all' ? [text('sentenceFilter')] : []),
  ];
  return [
    text('sentence', {
      role,
      actions: join(grant.actions.map((action) => text(`action_${action}`))),
      scope: text(`scope_${grant.scope}`),
    }),
    ...(more.length > 0 ? [text('sentenceMore', { more: join(more) })] : []),
    ...(hidden.length > 0 ? [text('sentenceHidden', { fields: join(hidden) })] : []),
    ...(masked.length > 0 ? [text('sentenceMasked', { fields: join(masked) })] : []),
    ...(sometimes.length > 0 ? [text('sentenceMaskedSome', { fields: join(sometimes) })] : []),
    ...(read.length > 0 ? [text('sentenceRead', { fields: join(read) })] : []),
    ...forbidden,
  ].join('');
}
