import { fieldTypes } from '@lianke/shared/fields/registry';
import type { FormId, MemberId } from '@lianke/shared/ids';
import {
  insideTypes,
  type PublicFormSettings,
  type PublicFormView,
  uploadKinds,
} from '@lianke/shared/public-forms/api';
import { Alert, App, Button, Checkbox, DatePicker, Drawer, Form, Input, InputNumber, Select, Switch } from 'antd';
import dayjs from 'dayjs';
import { useEffect, useState } from 'react';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { type FormView, type ReadField, useMe, useMembers } from '../api/queries.js';
import { fieldRenderers } from '../fields/registry.js';
import { colon, listing, quoted } from '../i18n/punctuation.js';
import { MemberPicker } from '../shared/member-picker.js';
import { useText } from './i18n.js';

interface Props {
  form: FormView;
  link: PublicFormView | undefined;
  open: boolean;
  onClose: () => void;
  onSaved: () => void;
}

function publishable(field: ReadField): boolean {
  return !field.system && fieldRenderers[field.type].Editor !== undefined && !insideTypes.includes(field.type);
}

/** Rows of a subform are filled in, not chosen. */
function isPicker(field: ReadField): boolean {
  return fieldTypes[field.type].refers === 'record' && field.type !== 'subform';
}

function fresh(form: FormView, owner: MemberId | null): PublicFormSettings {
  const fields = form.fields.filter((field) => publishable(field) && !isPicker(field));
  return {
    name: form.name,
    title: '',
    intro: '',
    fields: fields.map((field) => field.id),
    pickers: [],
    opensAt: null,
    closesAt: null,
    maxTotal: null,
    maxPerVisitor: null,
    invitedOnly: false,
    captcha: true,
    prefill: false,
    uploads: { kinds: ['image', 'pdf'], maxMb: 5, maxFiles: 5 },
    ownerId: owner,
    success: { title: '', text: '' },
  };
}

/** Everything that can be set about one public link. */
export function LinkDrawer({ form, link, open, onClose, onSaved }: Props) {
  const text = useText();
  const { message } = App.useApp();
  const me = useMe();
  const members = useMembers();
  const self = (me.data?.member.id ?? null) as MemberId | null;
  const [settings, setSettings] = useState(() => link?.settings ?? fresh(form, self));
  const [password, setPassword] = useState('');
  const [clear, setClear] = useState(false);
  const [busy, setBusy] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: begins anew when it opens
  useEffect(() => {
    if (!open) return;
    setSettings(link?.settings ?? fresh(form, self));
    setPassword('');
    setClear(false);
  }, [open]);
  const put = (change: Partial<PublicFormSettings>) => setSettings((now) => ({ ...now, ...change }));
  const usable = form.fields.filter(publishable);
  const relations = usable.filter((field) => isPicker(field) && settings.fields.includes(field.id));
  const missing = form.fields.filter(
    (field) => field.rules.required && !field.system && !settings.fields.includes(field.id) && !field.default,
  );
  const owner = members.data?.find((member) => member.id === settings.ownerId);
  const uploads = usable.some(
    (field) => fieldTypes[field.type].refers === 'file' && settings.fields.includes(field.id),
  );

  async function save() {
    setBusy(true);
    try {
      // A relation is of no use on the page unless its records may be chosen.
      const body = {
        settings: { ...settings, fields: settings.fields.filter((id) => usable.some((field) => field.id === id)) },
      };
      if (link)
        await api('publicForms.update', {
          params: { id: link.id },
          body: { ...body, ...(clear ? { password: null } : password ? { password } : {}) },
        });
      else
        await api('publicForms.create', {
          params: { formId: form.id as FormId },
          body: { ...body, ...(password ? { password } : {}) },
        });
      message.success(text('saved'));
      onSaved();
      onClose();
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  }

  const count = (key: 'maxTotal' | 'maxPerVisitor') => (
    <Form.Item label={text(key)} htmlFor={`link-${key}`}>
      <InputNumber
        id={`link-${key}`}
        min={1}
        precision={0}
        style={{ width: '100%' }}
        placeholder={text('unlimited')}
        value={settings[key]}
        onChange={(value) => put({ [key]: value })}
      />
    </Form.Item>
  );
  const instant = (key: 'opensAt' | 'closesAt') => (
    <Form.Item label={text(key)} htmlFor={`link-${key}`}>
      <DatePicker
        id={`link-${key}`}
        showTime={{ format: 'HH:mm' }}
        format="YYYY-MM-DD HH:mm"
        style={{ width: '100%' }}
        placeholder={text('unlimited')}
        value={settings[key] ? dayjs(settings[key]) : null}
        onChange={(value) => put({ [key]: value ? value.second(0).toISOString() : null })}
      />
    </Form.Item>
  );
  const pair = { display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(180px, 1fr))', columnGap: 16 };
  return (
    <Drawer
      open={open}
      onClose={onClose}
      size={560}
      title={text(link ? 'editTitle' : 'createTitle')}
      footer={
        <div style={{ textAlign: 'right' }}>
          <Button
            type="primary"
            loading={busy}
            disabled={settings.name.trim() === '' || settings.fields.length === 0}
            onClick={() => void save()}
          >
            {text('save')}
          </Button>
        </div>
      }
    >
      <Form layout="vertical" component="div">
        <Form.Item label={text('name')} htmlFor="link-name" extra={text('nameHint')} required>
          <Input
            id="link-name"
            maxLength={60}
            value={settings.name}
            onChange={(event) => put({ name: event.target.value })}
          />
        </Form.Item>
        <Form.Item label={text('title')} htmlFor="link-title">
          <Input
            id="link-title"
            maxLength={60}
            placeholder={text('titleHint')}
            value={settings.title}
            onChange={(event) => put({ title: event.target.value })}
          />
        </Form.Item>
        <Form.Item label={text('intro')} htmlFor="link-intro">
          <Input.TextArea
            id="link-intro"
            maxLength={500}
            autoSize={{ minRows: 2, maxRows: 6 }}
            value={settings.intro}
            onChange={(event) => put({ intro: event.target.value })}
          />
        </Form.Item>
        <Form.Item label={text('fields')} extra={text('fieldsHint')}>
          <Checkbox.Group
            style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(150px, 1fr))', gap: 4 }}
            value={settings.fields}
            options={usable.map((field) => ({ value: field.id as string, label: field.name }))}
            onChange={(chosen) => {
              const fields = usable.flatMap((field) => (chosen.includes(field.id) ? [field.id as string] : []));
              put({
                fields,
                pickers: usable.flatMap((field) =>
                  isPicker(field) && fields.includes(field.id) ? [field.id as string] : [],
                ),
              });
            }}
          />
        </Form.Item>
        {missing.length > 0 && (
          <Alert
            type="warning"
            showIcon
            style={{ marginBottom: 16 }}
            title={text('missingRequired', { names: listing(missing.map((field) => quoted(field.name))) })}
          />
        )}
        {relations.length > 0 && (
          <Alert
            type="info"
            showIcon
            style={{ marginBottom: 16 }}
            title={`${text('pickers')}${colon()}${listing(relations.map((field) => field.name))}`}
            description={text('pickersHint')}
          />
        )}
        <Form.Item label={text('owner')} htmlFor="link-owner">
          <MemberPicker
            id="link-owner"
            value={owner ? { id: owner.id, label: owner.name } : null}
            onChange={(next) => put({ ownerId: (next?.id ?? null) as MemberId | null })}
          />
        </Form.Item>
        <div style={pair}>
          {instant('opensAt')}
          {instant('closesAt')}
          {count('maxTotal')}
          {count('maxPerVisitor')}
        </div>
        <Form.Item label={text('password')} htmlFor="link-password">
          <Input.Password
            id="link-password"
            autoComplete="new-password"
            maxLength={64}
            disabled={clear}
            placeholder={text(link?.hasPassword ? 'passwordKeep' : 'passwordNone')}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          {link?.hasPassword && (
            <Checkbox checked={clear} onChange={(event) => setClear(event.target.checked)}>
              {text('passwordClear')}
            </Checkbox>
          )}
        </Form.Item>
        <div style={{ display: 'grid', gap: 12, marginBottom: 24 }}>
          {(['invitedOnly', 'captcha', 'prefill'] as const).map((key) => (
            // biome-ignore lint/a11y/noLabelWithoutControl: the switch is the control
            <label key={key} style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
              <Switch checked={settings[key]} onChange={(on) => put({ [key]: on })} aria-label={text(key)} />
              {text(key)}
            </label>
          ))}
        </div>
        {uploads && (
          <>
            <Form.Item label={text('uploads')} htmlFor="link-kinds">
              <Select
                id="link-kinds"
                mode="multiple"
                value={settings.uploads.kinds}
                options={uploadKinds.map((kind) => ({ value: kind, label: text(`kind.${kind}`) }))}
                onChange={(kinds) => kinds.length > 0 && put({ uploads: { ...settings.uploads, kinds } })}
              />
            </Form.Item>
            <div style={pair}>
              {(['maxMb', 'maxFiles'] as const).map((key) => (
                <Form.Item key={key} label={text(key)} htmlFor={`link-${key}`}>
                  <InputNumber
                    id={`link-${key}`}
                    min={1}
                    max={20}
                    precision={0}
                    style={{ width: '100%' }}
                    value={settings.uploads[key]}
                    onChange={(value) => put({ uploads: { ...settings.uploads, [key]: value ?? 1 } })}
                  />
                </Form.Item>
              ))}
            </div>
          </>
        )}
        <Form.Item label={`${text('success')} · ${text('successTitle')}`} htmlFor="link-success">
          <Input
            id="link-success"
            maxLength={60}
            placeholder={text('defaultSuccess')}
            value={settings.success.title}
            onChange={(event) => put({ success: { ...settings.success, title: event.target.value } })}
          />
        </Form.Item>
        <Form.Item label={`${text('success')} · ${text('successText')}`} htmlFor="link-success-text">
          <Input.TextArea
            id="link-success-text"
            maxLength={500}
            autoSize={{ minRows: 2, maxRows: 6 }}
            value={settings.success.text}
            onChange={(event) => put({ success: { ...settings.success, text: event.target.value } })}
          />
        </Form.Item>
      </Form>
    </Drawer>
  );
}
