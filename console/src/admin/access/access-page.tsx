import { EyeOutlined } from '@ant-design/icons';
import type { ExplainedRule, Explanation } from '@lianke/shared/access/api';
import { type FormAction, formActions } from '@lianke/shared/forms/definition';
import type { FormId, MemberId, RecordId } from '@lianke/shared/ids';
import type { Reference } from '@lianke/shared/records/query';
import { useQuery } from '@tanstack/react-query';
import { Alert, App, Button, Select, Skeleton, Tag } from 'antd';
import { useState } from 'react';
import { enterPreview } from '../../access/preview.js';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { type FormView, useApps, useForms } from '../../api/queries.js';
import { quoted } from '../../i18n/punctuation.js';
import { EmptyState } from '../../shared/empty-state.js';
import { FilterText } from '../../shared/filter-text.js';
import { MemberPicker } from '../../shared/member-picker.js';
import { RecordPicker } from '../../shared/record-picker.js';
import admin from '../admin.module.css';
import { Guard } from '../guard.js';
import { type Text, useText } from '../i18n.js';
import styles from './access-page.module.css';

/** What roles give; designing is a permission of the app. */
const asked = formActions.filter((action) => action !== 'design');

/** 权限检查: why a member can or cannot see or do something, and looking at the product as he does. */
export function AccessPage() {
  return (
    <Guard need="admin">
      <Check />
    </Guard>
  );
}

function Check() {
  const text = useText();
  const { message } = App.useApp();
  const forms = useForms();
  const apps = useApps();
  const [member, setMember] = useState<Reference | null>(null);
  const [formId, setFormId] = useState<string>();
  const [action, setAction] = useState<FormAction>('view');
  const [record, setRecord] = useState<Reference | null>(null);
  const [fieldId, setFieldId] = useState<string>();
  const form = forms.data?.find((item) => item.id === formId);
  const body =
    member && form
      ? {
          memberId: member.id as MemberId,
          formId: form.id as FormId,
          action,
          ...(record ? { recordId: record.id as RecordId } : {}),
          ...(fieldId ? { field: fieldId } : {}),
        }
      : undefined;
  const answer = useQuery({
    queryKey: ['explain', body],
    queryFn: () => api('access.explain', { body: body as NonNullable<typeof body> }),
    enabled: body !== undefined,
    staleTime: 0,
  });

  const preview = async () => {
    if (!member) return;
    try {
      enterPreview((await api('access.preview', { body: { memberId: member.id as MemberId } })).id);
    } catch (error) {
      message.error(messageOf(error));
    }
  };

  return (
    <div className={styles.page}>
      <section className={admin.card}>
        <h2>{text('checkTitle')}</h2>
        <p className="muted">{text('checkHint')}</p>
        <div className={styles.asked}>
          <span>{text('checkWho')}</span>
          <MemberPicker value={member} onChange={setMember} label={text('checkWho')} />
          <span>{text('form')}</span>
          <Select<string>
            aria-label={text('form')}
            placeholder={text('checkForm')}
            value={formId}
            loading={forms.isPending}
            showSearch={{ optionFilterProp: 'label' }}
            onChange={(id) => {
              setFormId(id);
              setRecord(null);
              setFieldId(undefined);
            }}
            options={(apps.data ?? []).map((app) => ({
              label: app.name,
              options: (forms.data ?? [])
                .filter((item) => item.appId === app.id)
                .map((item) => ({ value: item.id, label: item.name })),
            }))}
          />
          <span>{text('actions')}</span>
          <Select<FormAction>
            aria-label={text('actions')}
            value={action}
            onChange={setAction}
            options={asked.map((value) => ({ value, label: text(`action_${value}`) }))}
          />
          <span>{text('checkRecord')}</span>
          <RecordPicker
            key={formId}
            formId={formId ?? ''}
            value={record}
            onChange={setRecord}
            disabled={!form}
            label={text('checkRecord')}
            placeholder={text('checkAnyRecord')}
          />
          <span>{text('checkField')}</span>
          <Select<string>
            aria-label={text('checkField')}
            allowClear
            disabled={!form}
            placeholder={text('checkAnyField')}
            value={fieldId}
            showSearch={{ optionFilterProp: 'label' }}
            onChange={setFieldId}
            options={(form?.fields ?? []).map((field) => ({ value: field.id, label: field.name }))}
          />
        </div>
        <div className={styles.previewLine}>
          <Button icon={<EyeOutlined />} disabled={!member} onClick={() => void preview()}>
            {member ? text('previewAs', { name: member.label }) : text('previewAsMember')}
          </Button>
          <span className="muted">{text('previewHint')}</span>
        </div>
      </section>
      <section className={admin.card} aria-live="polite">
        {!body && <EmptyState compact title={text('checkEmpty')} />}
        {body && answer.isPending && <Skeleton active />}
        {answer.error && <Alert type="error" showIcon title={messageOf(answer.error)} />}
        {body && answer.data && (
          <Verdict
            answer={answer.data}
            fields={form?.fields ?? []}
            what={`${text(`action_${action}`)}${record ? quoted(record.label) : (form?.name ?? '')}`}
          />
        )}
      </section>
    </div>
  );
}

function Verdict({ answer, fields, what }: { answer: Explanation; fields: FormView['fields']; what: string }) {
  const text = useText();
  const { member, roles } = answer;
  return (
    <>
      <Alert
        type={answer.allowed ? 'success' : 'warning'}
        showIcon
        title={text(answer.allowed ? 'verdictYes' : 'verdictNo', { name: member.label, what })}
        description={
          member.active
            ? text('verdictRoles', {
                name: member.label,
                roles: roles.map((role) => role.label).join(text('and')) || text('noRole'),
              })
            : text('verdictLeft', { name: member.label })
        }
      />
      {answer.parts.map((part) => (
        <div key={part.part} className={styles.part}>
          <h3>
            <Tag color={part.allowed ? 'success' : 'warning'}>{text(part.allowed ? 'partYes' : 'partNo')}</Tag>
            {text(`part_${part.part}`)}
            {part.masked && <Tag style={{ marginLeft: 8 }}>{text('right_masked')}</Tag>}
          </h3>
          {part.rules.length === 0 && <p className="muted">{text(`missing_${part.part}`)}</p>}
          <ul>
            {part.rules.map((rule) => (
              <li key={rule.id}>
                {sentence(text, rule)}
                {rule.condition && (
                  <p className="muted">
                    {text('rule_when')}
                    <FilterText filter={rule.condition} fields={fields} />
                  </p>
                )}
              </li>
            ))}
          </ul>
          {part.allowed && part.rules.length > 1 && <p className="muted">{text('anyIsEnough')}</p>}
        </div>
      ))}
    </>
  );
}

/** A rule in plain words: 「角色“销售”：本人负责的数据」. */
function sentence(text: Text, rule: ExplainedRule): string {
  const role = rule.role?.label ?? '';
  const deny = rule.effect === 'deny';
  switch (rule.kind) {
    case 'admin':
    case 'design':
      return text(`rule_${rule.kind}`, { role });
    case 'pool':
      return text('rule_pool');
    case 'appAdmin':
    case 'appVisible':
    case 'shared':
    case 'derived':
      return text(`rule_${rule.kind}`, { detail: rule.detail });
    case 'action':
      return text(deny ? 'rule_denyAction' : 'rule_action', {
        role,
        detail: text(`action_${rule.detail as FormAction}`),
      });
    case 'scope':
      return text('rule_scope', { role, detail: text(`scope_${rule.detail as 'all'}`) });
    case 'filter':
      return text(deny ? 'rule_denyFilter' : 'rule_filter', { role });
    case 'field':
      return text(deny ? 'rule_denyField' : 'rule_field', { role, detail: rule.detail });
    case 'mask':
      return text('rule_mask', { role, detail: rule.detail });
    case 'involved':
      return text('rule_involved', { role });
    case 'inherit':
      return text('rule_inherit', { role, detail: rule.detail });
  }
}
