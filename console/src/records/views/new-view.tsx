import {
  AppstoreOutlined,
  BarsOutlined,
  CalendarOutlined,
  EnvironmentOutlined,
  PlusOutlined,
  ProjectOutlined,
  TableOutlined,
} from '@ant-design/icons';
import { lookRules, type ViewLook, type ViewType } from '@lianke/shared/forms/views';
import { Alert, Button, Dropdown, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '../../api/errors.js';
import type { FormView } from '../../api/queries.js';
import { fieldsFor, LookForm, lookIncomplete, settledLook } from './look-form.js';

const icons = {
  grid: <TableOutlined />,
  kanban: <ProjectOutlined />,
  calendar: <CalendarOutlined />,
  gallery: <AppstoreOutlined />,
  gantt: <BarsOutlined />,
  map: <EnvironmentOutlined />,
};

/** 新建视图: a table, a board, a calendar, a gallery, a Gantt chart or a map over the same query. */
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
  const missing = type !== undefined && lookIncomplete(form, type, look);

  function begin(next: ViewType) {
    setType(next);
    setName('');
    setFailure('');
    const first = lookRules[next][0];
    const field = first && fieldsFor(form, first).find((item) => !item.system || item.key === 'owner');
    setLook(first && field ? { [first.part]: field.id } : {});
  }

  async function create() {
    if (!type || name.trim() === '' || missing || busy) return;
    setBusy(true);
    try {
      await onCreate({ name: name.trim(), type, look: settledLook(form, type, look) });
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
          {type && <LookForm form={form} type={type} look={look} onChange={setLook} />}
        </Form>
      </Modal>
    </>
  );
}

/** The mark of a view's kind on its tab. */
export function ViewIcon({ type }: { type: ViewType }) {
  return type === 'grid' ? null : <span style={{ marginRight: 4 }}>{icons[type]}</span>;
}
