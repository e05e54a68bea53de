import { nounOf } from '@lianke/shared/forms/noun';
import type { FormId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { completedRows, keptValues } from '@lianke/shared/records/kept-values';
import { formIn } from '@lianke/shared/records/masked';
import type { RecordView } from '@lianke/shared/records/query';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Drawer } from 'antd';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { fieldMessagesOf, messageOf } from '../api/errors.js';
import { type FormView, keys, useMe, useMembers } from '../api/queries.js';
import { DuplicateNotice } from '../duplicates/duplicate-notice.js';
import { useDuplicates } from '../duplicates/use-duplicates.js';
import { fieldRenderers } from '../fields/registry.js';
import { formatRecent } from '../shared/format.js';
import type { Conflict } from './conflict.js';
import { ConflictBar } from './conflict-bar.js';
import { dropDraft, keepDraft, readDraft } from './drafts.js';
import './i18n.js';
import { newRecordId } from './new-id.js';
import { pageFaults } from './page-faults.js';
import { RecordForm } from './record-form.js';
import { rulesFor, typingOf, useRuleEnv } from './rules.js';
import { saveRecord } from './save-record.js';
import { draftKeyOf, useDraft } from './use-draft.js';
import { useLinked } from './use-linked.js';
import { changedValues, initialValues, toWrite, type Values } from './values.js';

interface Props {
  form: FormView;
  open: boolean;
  onClose: () => void;
  /** The record to edit; absent makes a new one. */
  record?: RecordView | undefined;
  /** Values a new record starts with, over the defaults. */
  preset?: Values | undefined;
  onSaved?: (record: RecordView) => void;
  /** One record only: 保存并新建 is not offered. */
  once?: boolean;
  /** Said above the form. */
  note?: string;
}

function useStart(form: FormView, preset: Values | undefined): (record: RecordView | undefined) => Values {
  const me = useMe();
  const members = useMembers();
  return (record) => {
    if (record) return { ...record.values };
    const self = me.data?.member;
    if (!self) return { ...preset };
    const department = members.data?.find((item) => item.id === self.id)?.departments[0];
    const defaults = initialValues(
      form.fields,
      { id: self.id, label: self.name },
      department ? { id: department.id, label: department.label } : null,
      new Date(),
    );
    return { ...defaults, ...preset };
  };
}

/** Makes or edits one record in a drawer by the form's layout. */
export function RecordDrawer({ form: whole, open, onClose, record: live, preset, onSaved, once, note }: Props) {
  const form = useMemo(() => formIn(whole, live), [whole, live]);
  const { t } = useTranslation('records');
  const { message } = App.useApp();
  const client = useQueryClient();
  // What others change meanwhile must not look like an edit of ours: the record as it stood when this was opened.
  const [base, setBase] = useState(live);
  const record = live && (base?.id === live.id ? base : live);
  const start = useStart(form, preset);
  const me = useMe().data?.member.id;
  const [values, setValues] = useState<Values>({});
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const [restored, setRestored] = useState<number>();
  const [conflict, setConflict] = useState<Conflict>();
  const body = useRef<HTMLDivElement>(null);
  const touched = useRef(new Set<string>());
  const [started, setStarted] = useState(0);
  // One id a filling-in: pressing 保存 again after a lost answer makes no second record.
  const id = useRef(newRecordId());
  const draftKey = draftKeyOf(me, form.id, live?.id ?? preset);
  const draft = () => ({
    // What is stored encrypted does not lie in a browser.
    values: keptValues(form.fields, values),
    id: id.current,
    ...(record ? { base: { ...record, values: keptValues(form.fields, record.values) } } : {}),
  });
  const forgetDraft = useDraft(open ? draftKey : undefined, touched.current.size > 0 ? draft() : undefined);

  function begin(fresh: boolean) {
    const kept = fresh || !draftKey ? undefined : readDraft(draftKey);
    // An edit goes on from the record as it stood then: what others changed since collides as it should.
    const whole = (of: Values = {}) => completedRows(form.fields, of, live?.values ?? {});
    setBase(kept?.base ? { ...kept.base, values: { ...live?.values, ...whole(kept.base.values) } } : live);
    setValues({ ...start(live), ...whole(kept?.values) });
    setRestored(kept?.at);
    touched.current.clear();
    setStarted((n) => n + 1);
    setErrors({});
    setFailure('');
    setConflict(undefined);
    id.current = kept?.id ?? newRecordId();
  }
  const latest = useRef(begin);
  latest.current = begin;
  // biome-ignore lint/correctness/useExhaustiveDependencies: begins with the record as it stands when the drawer opens
  useEffect(() => {
    if (open) latest.current(false);
  }, [open, live?.id]);

  const env = useRuleEnv();
  const typing = useMemo(() => typingOf(form, env), [form, env]);
  const read = record?.values;
  const rules = useMemo(() => rulesFor(form, values, env, { ...typing, read }), [form, values, env, read, typing]);
  const { computed } = rules;
  const twins = useDuplicates(form, values, record?.id, open);
  const writable = form.fields.filter((field) => field.writable && fieldRenderers[field.type].Editor);

  const take = useCallback((taken: Values) => {
    setValues((now) => ({ ...now, ...taken }));
    setErrors((old) => Object.fromEntries(Object.entries(old).filter(([key]) => !(key in taken))));
  }, []);
  useLinked(form, values, take, touched.current, started, !record && restored === undefined);

  function put(key: string, value: Json) {
    touched.current.add(key);
    setValues((now) => ({ ...now, [key]: value }));
    setErrors((now) =>
      Object.fromEntries(Object.entries(now).filter(([name]) => name !== key && !name.startsWith(`${key}[`))),
    );
  }

  function close() {
    if (draftKey && touched.current.size > 0) keepDraft(draftKey, { ...draft(), at: Date.now() });
    if (touched.current.size > 0 || restored !== undefined) message.info(t('draftKept'));
    onClose();
  }

  function refuse(found: Record<string, string>) {
    setErrors(found);
    const keysWrong = Object.keys(found);
    requestAnimationFrame(() => {
      const first = form.fields.find((field) => keysWrong.some((key) => key.split('[')[0] === field.key))?.key;
      body.current?.querySelector(`[data-field="${first}"]`)?.scrollIntoView({ block: 'center' });
    });
  }

  async function write(): Promise<RecordView | undefined> {
    const formId = form.id as FormId;
    if (!record) {
      // A field that is hidden or locked brings nothing of its own.
      const filled = writable.filter((field) => {
        const state = rules.stateOf(field);
        return field.key in values && state?.visible !== false && state?.readonly !== true;
      });
      const out = Object.fromEntries(filled.map((field) => [field.key, toWrite(field, values[field.key])]));
      return api('records.create', { params: { formId }, body: { id: id.current as RecordId, values: out } });
    }
    const changed = changedValues(form.fields, record.values, values);
    if (Object.keys(changed).length === 0) return record;
    const mine = Object.fromEntries(Object.keys(changed).map((key) => [key, values[key] ?? null]));
    const result = await saveRecord(form, conflict?.current ?? record, mine);
    if (!result.conflict) return result.record;
    setConflict(result.conflict);
    return undefined;
  }

  async function save(again: boolean) {
    const found = pageFaults(writable, values, rules, env);
    setFailure('');
    if (Object.keys(found).length > 0) return refuse(found);
    setBusy(true);
    try {
      const saved = await write();
      if (!saved) return;
      touched.current.clear();
      forgetDraft();
      await client.invalidateQueries({ queryKey: keys.data(form.id) });
      message.success(record ? t('updated') : t('created', { name: saved.label }));
      onSaved?.(saved);
      if (again) begin(true);
      else onClose();
    } catch (error) {
      const fields = fieldMessagesOf(error);
      if (Object.keys(fields).length > 0) refuse(fields);
      else setFailure(messageOf(error));
    } finally {
      setBusy(false);
    }
  }

  function resolve(mine: boolean) {
    if (!conflict) return;
    if (!mine) {
      setValues((now) => ({
        ...now,
        ...Object.fromEntries(conflict.fields.map((item) => [item.field.key, item.theirs])),
      }));
    }
    // Saving again compares with the record as it stands now, so the choice is written over it.
    setConflict({ ...conflict, fields: [] });
  }

  const wrong = Object.keys(errors).length;
  return (
    <Drawer
      open={open}
      onClose={close}
      size={720}
      title={record ? t('editTitle', { name: record.label }) : t('createTitle', { name: nounOf(form.name) })}
      footer={
        <div style={{ display: 'flex', gap: 8, justifyContent: 'flex-end', alignItems: 'center' }}>
          {wrong > 0 && (
            <span role="alert" style={{ marginRight: 'auto', color: 'var(--ant-color-error)' }}>
              {t('fixFields', { n: wrong })}
            </span>
          )}
          {!record && !once && (
            <Button onClick={() => void save(true)} disabled={busy}>
              {t('saveAndNew')}
            </Button>
          )}
          <Button type="primary" loading={busy} onClick={() => void save(false)}>
            {t('save')}
          </Button>
        </div>
      }
    >
      <div ref={body}>
        <div style={{ position: 'sticky', top: 0, zIndex: 2 }}>
          <DuplicateNotice form={form} found={twins} />
        </div>
        {conflict && conflict.fields.length > 0 && <ConflictBar conflict={conflict} onResolve={resolve} />}
        {note && <Alert type="info" showIcon title={note} style={{ marginBottom: 16 }} />}
        {failure && <Alert type="error" showIcon title={failure} style={{ marginBottom: 16 }} />}
        {restored !== undefined && (
          <Alert
            type="info"
            title={t('draftRestored', { time: formatRecent(new Date(restored).toISOString()) })}
            style={{ marginBottom: 16 }}
            action={
              <Button
                size="small"
                type="link"
                onClick={() => {
                  if (draftKey) dropDraft(draftKey);
                  begin(true);
                }}
              >
                {t('draftDrop')}
              </Button>
            }
          />
        )}
        {form.settings.notice && !record && (
          <Alert type="info" showIcon title={form.settings.notice} style={{ marginBottom: 16 }} />
        )}
        <RecordForm
          form={form}
          values={values}
          computed={computed}
          onChange={put}
          errors={errors}
          creating={!record}
          rules={rules}
        />
      </div>
    </Drawer>
  );
}
