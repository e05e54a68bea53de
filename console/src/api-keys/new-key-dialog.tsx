import type { ApiKeyView } from '@lianke/shared/api-keys/contracts';
import type { FormId, MemberId } from '@lianke/shared/ids';
import type { Reference } from '@lianke/shared/records/query';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, Form, Input, Modal, Radio, Select } from 'antd';
import { useState } from 'react';
import { useRoles } from '../admin/use-roles.js';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { useApps, useForms, useMembers } from '../api/queries.js';
import { MemberPicker } from '../shared/member-picker.js';
import styles from './api-keys.module.css';
import { useKeyText } from './i18n.js';
import { apiKeysKey } from './use-api-keys.js';

const lives = [30, 90, 180, 365] as const;
const rates = [60, 300, 600, 1500, 3000, 6000] as const;
const dayMs = 86_400_000;

/** Makes a key: its name, whom it acts as, what it may do, for how long. */
export function NewKeyDialog({
  onClose,
  onMade,
}: {
  onClose: () => void;
  onMade: (made: { key: ApiKeyView; secret: string }) => void;
}) {
  const text = useKeyText();
  const client = useQueryClient();
  const apps = useApps();
  const forms = useForms();
  const admin = useIsAdmin();
  const [name, setName] = useState('');
  const [member, setMember] = useState<Reference | null>(null);
  const [access, setAccess] = useState<'read' | 'write'>('read');
  const [chosen, setChosen] = useState<string[]>([]);
  const [days, setDays] = useState<number>(365);
  const [perMinute, setPerMinute] = useState<number>(600);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');

  async function make() {
    if (!member) return;
    setBusy(true);
    setError('');
    try {
      const made = await api('apiKeys.create', {
        body: {
          name: name.trim(),
          memberId: member.id as MemberId,
          access,
          forms: chosen.length > 0 ? (chosen as FormId[]) : null,
          expiresAt: days > 0 ? new Date(Date.now() + days * dayMs).toISOString() : null,
          perMinute,
        },
      });
      await client.invalidateQueries({ queryKey: apiKeysKey });
      onMade(made);
    } catch (failure) {
      setError(messageOf(failure));
      setBusy(false);
    }
  }

  return (
    <Modal
      open
      width={560}
      title={text('newTitle')}
      okText={text('create')}
      cancelText={text('cancel')}
      okButtonProps={{ disabled: name.trim() === '' || !member, loading: busy }}
      onOk={() => void make()}
      onCancel={onClose}
    >
      {error && <Alert type="error" showIcon title={error} style={{ marginBottom: 12 }} />}
      <Form layout="vertical" component="div" requiredMark={false}>
        <Form.Item label={text('name')} htmlFor="key-name">
          <Input
            id="key-name"
            autoFocus
            value={name}
            maxLength={40}
            placeholder={text('nameHint')}
            onChange={(event) => setName(event.target.value)}
          />
        </Form.Item>
        <Form.Item label={text('member')} htmlFor="key-member" extra={text('memberHint')}>
          <MemberPicker id="key-member" value={member} onChange={setMember} label={text('member')} />
        </Form.Item>
        {member && admin(member.id) && (
          <Alert
            type="warning"
            showIcon
            style={{ marginBottom: 16 }}
            title={text('adminHint', { name: member.label })}
          />
        )}
        <Form.Item label={text('access')}>
          <Radio.Group
            aria-label={text('access')}
            className={styles.radios ?? ''}
            value={access}
            onChange={(event) => setAccess(event.target.value as 'read' | 'write')}
            options={[
              { value: 'read', label: text('readOnly') },
              { value: 'write', label: text('readWrite') },
            ]}
          />
        </Form.Item>
        <Form.Item label={text('forms')} htmlFor="key-forms" extra={text('formsHint')}>
          <Select<string[]>
            id="key-forms"
            mode="multiple"
            value={chosen}
            allowClear
            loading={forms.isPending}
            placeholder={text('formsPlaceholder')}
            showSearch={{ optionFilterProp: 'label' }}
            onChange={setChosen}
            options={(apps.data ?? []).flatMap((app) => {
              const options = (forms.data ?? [])
                .filter((form) => form.appId === app.id)
                .map((form) => ({ value: form.id as string, label: form.name }));
              return options.length > 0 ? [{ label: app.name, options }] : [];
            })}
          />
        </Form.Item>
        <div className={styles.pair}>
          <Form.Item label={text('expires')} htmlFor="key-days" style={{ marginBottom: 0 }}>
            <Select<number>
              id="key-days"
              value={days}
              onChange={setDays}
              options={[
                ...lives.map((n) => ({ value: n, label: n === 365 ? text('year') : text('days', { n }) })),
                { value: 0, label: text('forever') },
              ]}
            />
          </Form.Item>
          <Form.Item label={text('rate')} htmlFor="key-rate" style={{ marginBottom: 0 }}>
            <Select<number>
              id="key-rate"
              value={perMinute}
              onChange={setPerMinute}
              options={rates.map((n) => ({ value: n, label: text('times', { n }) }))}
            />
          </Form.Item>
        </div>
      </Form>
    </Modal>
  );
}

/** Whether a member holds a role of administrators. */
function useIsAdmin(): (memberId: string) => boolean {
  const roles = useRoles();
  const members = useMembers();
  return (memberId) => {
    const held = members.data?.find((each) => each.id === memberId)?.roles ?? [];
    return held.some((role) => roles.data?.find((each) => each.id === role.id)?.permissions.admin);
  };
}
