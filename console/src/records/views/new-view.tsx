import { AppstoreOutlined, CalendarOutlined, PlusOutlined, ProjectOutlined, TableOutlined } from '@ant-design/icons';
import type { ViewLook, ViewType } from '@lianke/shared/forms/views';
import { Alert, Button, Dropdown, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '../../api/errors.js';
import type { FormView } from '../../api/queries.js';

const icons = {
  grid: <TableOutlined />,
  kanban: <ProjectOutlined />,
  calendar: <CalendarOutlined />,
  gallery: <AppstoreOutlined />,
};

/** Fields each kind of view is made of; the first one is needed but for galleries. */
const asked: Record<
  ViewType,
  { part: 'lane' | 'sum' | 'start' | 'end' | 'cover'; types: string[]; needed: boolean }[]
> = {
  grid: [],
  kanban: [
    { part: 'lane', types: ['select', 'member'], needed: true },
    { part: 'sum', types: ['money', 'number'], needed: false },
  ],
  calendar: [
    { part: 'start', types: ['date', 'datetime'], needed: true },
    { part: 'end', types: ['date', 'datetime'], needed: false },
  ],
  gallery: [{ part: 'cover', types: ['attachment', 'image'], needed: false }],
};

/** 新建视图: a table, a board, a calendar or a gallery over the same query. */
export function NewView({
  form,
  onCreate,
}: {
  form: FormView;
  onCreate: (view: { name: string; type: ViewType; look: ViewLook }) => Promise<void>;
}) {
  const { t } = useTranslation('records');
  const [type, setType] = useState<ViewType>();
  const [name, setName] = useState('');
  const [look, setLook] = useState<ViewLook>({});
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const fieldsFor = (types: readonly string[]) => form.fields.filter((field) => types.includes(field.type));
  const parts = type ? asked[type] : [];
  const missing = parts.some(({ part, needed }) => needed && !look[part]);

  function begin(next: ViewType) {
    setType(next);
    setName('');
    setFailure('');
    const first = asked[next][0];
    const field = first && fieldsFor(first.types).find((item) => !item.system || item.key === 'owner');
    setLook(first && field ? { [first.part]: field.id } : {});
  }

  async function create() {
    if (!type || name.trim() === '' || missing || busy) return;
    setBusy(true);
    try {
      await onCreate({ name: name.trim(), type, look });
      setType(undefined);
    } catch (error) {
      setFailure(messageOf(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: (Object.keys(icons) as ViewType[]).map((key) => ({
            key,
            icon: icons[key],
            label: t(`viewType.${key}`),
          })),
          onClick: ({ key }) => begin(key as ViewType),
        }}
      >
        <Button type="text" size="small" icon={<PlusOutlined />} aria-label={t('addView')} title={t('addView')} />
      </Dropdown>
      <Modal
        open={type !== undefined}
        width={420}
        title={type && t('newViewOf', { type: t(`viewType.${type}`) })}
        okButtonProps={{ disabled: name.trim() === '' || missing, loading: busy }}
        onOk={() => void create()}
        onCancel={() => setType(undefined)}
        destroyOnHidden
      >
        <Form layout="vertical" onFinish={() => void create()}>
          {failure && <Alert type="error" showIcon title={failure} style={{ marginBottom: 12 }} />}
          <Form.Item label={t('viewName')} htmlFor="view-name" required>
            <Input
              id="view-name"
              autoFocus
              maxLength={40}
              value={name}
              placeholder={t('viewNameHint')}
              onChange={(event) => setName(event.target.value)}
            />
          </Form.Item>
          {parts.map(({ part, types, needed }) => (
            <Form.Item key={part} label={t(`viewPart.${part}`)} htmlFor={`view-${part}`} required={needed}>
              <Select<string>
                id={`view-${part}`}
                value={look[part]}
                allowClear={!needed}
                notFoundContent={t('viewNoField')}
                onChange={(next) => setLook(({ [part]: _, ...rest }) => (next ? { ...rest, [part]: next } : rest))}
                options={fieldsFor(types).map((field) => ({ value: field.id as string, label: field.name }))}
              />
            </Form.Item>
          ))}
        </Form>
      </Modal>
    </>
  );
}

/** The mark of a view's kind on its tab. */
export function ViewIcon({ type }: { type: ViewType }) {
  return type === 'grid' ? null : <span style={{ marginRight: 4 }}>{icons[type]}</span>;
}
