import type { SavedView, ViewLook } from '@lianke/shared/forms/views';
import type { FormId } from '@lianke/shared/ids';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, Form, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { type FormView, keys } from '../../api/queries.js';
import { fieldOf } from '../../shared/filter-model.js';
import { LookForm, lookIncomplete, settledLook } from './look-form.js';

/** 视图设置: the fields that a board, calendar, gallery, Gantt chart or map is made of, chosen anew. */
export function ViewSettings({ form, view, onClose }: { form: FormView; view: SavedView; onClose: () => void }) {
  const { t } = useTranslation('records');
  const client = useQueryClient();
  const [look, setLook] = useState<ViewLook>(view.look);
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);

  async function save() {
    setBusy(true);
    setFailure('');
    try {
      const params = { formId: form.id as FormId, viewId: view.id };
      // Groups of fields that went are of no use to anybody.
      const { groups, ...rest } = settledLook(form, view.type, look);
      const kept = groups?.filter((group) => fieldOf(form.fields, group.field));
      await api('views.update', { params, body: { look: { ...rest, ...(kept ? { groups: kept } : {}) } } });
      await client.invalidateQueries({ queryKey: keys.views(form.id) });
      onClose();
    } catch (error) {
      setFailure(messageOf(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Modal
      open
      width={420}
      title={t('viewSettingsOf', { name: view.name })}
      okButtonProps={{ disabled: lookIncomplete(form, view.type, look), loading: busy }}
      onOk={() => void save()}
      onCancel={onClose}
    >
      <Form layout="vertical">
        {failure && <Alert type="error" showIcon title={failure} style={{ marginBottom: 12 }} />}
        <LookForm form={form} type={view.type} look={look} onChange={setLook} />
      </Form>
    </Modal>
  );
}
