import type { ApiKeyView } from '@lianke/shared/api-keys/contracts';
import type { FormId, MemberId } from '@lianke/shared/ids';
import type { Reference } from '@lianke/shared/records/query';
import { Alert, Form, Input, Radio, Select } from 'antd';
import { useRoles } from '../admin/use-roles.js';
import { useApps, useForms, useMembers } from '../api/queries.js';
import { formatDatetime } from '../shared/format.js';
import { MemberPicker } from '../shared/member-picker.js';
import styles from './api-keys.module.css';
import { useKeyText } from './i18n.js';

const lives = [30, 90, 180, 365] as const;
const rates = [60, 300, 600, 1500, 3000, 6000] as const;
const dayMs = 86_400_000;

/** What an administrator sets of a key. `life` is in days from now; `keep` leaves the end of a key that has one. */
export interface KeySettings {
  name: string;
  member: Reference | null;
  access: 'read' | 'write';
  /** Empty: every form the member may use. */
  forms: string[];
  life: number | 'keep' | 'forever';
  perMinute: number;
}

export const newKey: KeySettings = { name: '', member: null, access: 'read', forms: [], life: 365, perMinute: 600 };

/** The settings of a key there is. Whoever has left is not offered again. */
export function settingsOf(key: ApiKeyView): KeySettings {
  const { name, access, perMinute } = key;
  return {
    name,
    access,
    perMinute,
    member: key.state === 'memberGone' ? null : { id: key.member.id, label: key.member.label },
    forms: key.forms?.map((form) => form.id) ?? [],
    life: key.expiresAt === null ? 'forever' : key.state === 'expired' ? 365 : 'keep',
  };
}

/** The body of the request; undefined while something is missing. `ends` is the end a kept life stands for. */
export function bodyOf(settings: KeySettings, ends: string | null) {
  const name = settings.name.trim();
  if (name === '' || !settings.member) return undefined;
  const { access, perMinute, life } = settings;
  const expiresAt =
    life === 'forever' ? null : life === 'keep' ? ends : new Date(Date.now() + life * dayMs).toISOString();
  return {
    name,
    memberId: settings.member.id as MemberId,
    access,
    forms: settings.forms.length > 0 ? (settings.forms as FormId[]) : null,
    expiresAt,
    perMinute,
  };
}

export function KeySettingsFields({
  value,
  onChange,
  item,
}: {
  value: KeySettings;
  onChange: (value: KeySettings) => void;
  item: ApiKeyView | undefined;
}) {
  const text = useKeyText();
  const admin = useIsAdmin();
  const set = <Key extends keyof KeySettings>(key: Key, next: KeySettings[Key]) => onChange({ ...value, [key]: next });
  return (
    <Form layout="vertical" component="div" requiredMark={false}>
      <Form.Item label={text('name')} htmlFor="key-name">
        <Input
          id="key-name"
          autoFocus
          value={value.name}
          maxLength={40}
          placeholder={text('nameHint')}
          onChange={(event) => set('name', event.target.value)}
        />
      </Form.Item>
      <Form.Item label={text('member')} htmlFor="key-member" extra={text('memberHint')}>
        <MemberPicker
          id="key-member"
          value={value.member}
          onChange={(member) => set('member', member)}
          label={text('member')}
        />
      </Form.Item>
      {value.member && admin(value.member.id) && (
        <Alert
          type="warning"
          showIcon
          style={{ marginBottom: 16 }}
          title={text('adminHint', { name: value.member.label })}
        />
      )}
      <Form.Item label={text('access')}>
        <Radio.Group
          aria-label={text('access')}
          className={styles.radios ?? ''}
          value={value.access}
          onChange={(event) => set('access', event.target.value as 'read' | 'write')}
          options={[
            { value: 'read', label: text('readOnly') },
            { value: 'write', label: text('readWrite') },
          ]}
        />
      </Form.Item>
      <Form.Item label={text('forms')} htmlFor="key-forms" extra={text('formsHint')}>
        <FormsSelect value={value.forms} onChange={(forms) => set('forms', forms)} />
      </Form.Item>
      <div className={styles.pair}>
        <Form.Item label={text('expires')} htmlFor="key-days" style={{ marginBottom: 0 }}>
          <Select<KeySettings['life']>
            id="key-days"
            value={value.life}
            onChange={(life) => set('life', life)}
            options={[
              ...(item?.expiresAt && item.state !== 'expired'
                ? [{ value: 'keep' as const, label: text('until', { at: formatDatetime(item.expiresAt, 'day') }) }]
                : []),
              ...lives.map((n) => ({ value: n, label: n === 365 ? text('year') : text('days', { n }) })),
              { value: 'forever' as const, label: text('forever') },
            ]}
          />
        </Form.Item>
        <Form.Item label={text('rate')} htmlFor="key-rate" style={{ marginBottom: 0 }}>
          <Select<number>
            id="key-rate"
            value={value.perMinute}
            onChange={(perMinute) => set('perMinute', perMinute)}
            options={[...new Set([...rates, value.perMinute])]
              .sort((a, b) => a - b)
              .map((n) => ({ value: n, label: text('times', { n }) }))}
          />
        </Form.Item>
      </div>
    </Form>
  );
}

function FormsSelect(props: { id?: string; value: string[]; onChange: (value: string[]) => void }) {
  const text = useKeyText();
  const apps = useApps();
  const forms = useForms();
  return (
    <Select<string[]>
      {...props}
      mode="multiple"
      allowClear
      loading={forms.isPending}
      placeholder={text('formsPlaceholder')}
      showSearch={{ optionFilterProp: 'label' }}
      options={(apps.data ?? []).flatMap((app) => {
        const options = (forms.data ?? [])
          .filter((form) => form.appId === app.id)
          .map((form) => ({ value: form.id as string, label: form.name }));
        return options.length > 0 ? [{ label: app.name, options }] : [];
      })}
    />
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
