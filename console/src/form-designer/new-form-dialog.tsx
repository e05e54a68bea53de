import { CopyOutlined, FileExcelOutlined, FormOutlined } from '@ant-design/icons';
import type { AppId, FormId } from '@lianke/shared/ids';
import { Alert, App, Input, Modal, Select } from 'antd';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { useForms, useRenewApp } from '../api/queries.js';
import { pause } from '../i18n/punctuation.js';
import { isComposing } from '../shared/is-composing.js';
import { useText } from './i18n.js';
import styles from './new-form.module.css';

type Start = 'blank' | 'excel' | 'copy';

interface Props {
  appId: string;
  open: boolean;
  onClose: () => void;
}

/** 新建表单: a name and where to start from; opens the designer, or the import for a form out of a spreadsheet. */
export function NewFormDialog({ appId, open, onClose }: Props) {
  const text = useText();
  const navigate = useNavigate();
  const renew = useRenewApp();
  const { message } = App.useApp();
  const forms = useForms();
  const id = useId();
  const [name, setName] = useState('');
  const [start, setStart] = useState<Start>('blank');
  const [source, setSource] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');

  useEffect(() => {
    if (!open) return;
    setName('');
    setStart('blank');
    setSource(undefined);
    setError('');
  }, [open]);

  const trimmed = name.trim();
  const taken = (forms.data ?? []).some((form) => form.appId === appId && form.name === trimmed);
  const ready = trimmed !== '' && !taken && (start !== 'copy' || source !== undefined);

  const submit = async () => {
    if (!ready || busy) return;
    setBusy(true);
    setError('');
    try {
      const app = appId as AppId;
      const { form, left } =
        start === 'copy'
          ? await api('forms.copy', { params: { formId: source as FormId }, body: { appId: app, name: trimmed } })
          : { form: await api('forms.create', { body: { appId: app, name: trimmed, fields: [] } }), left: [] };
      if (left.length > 0) message.info(text('copyLeft', { names: left.join(pause()) }), 8);
      onClose();
      // Arrive before the app's list is read again: an empty app's page would go to its first form by itself.
      await navigate(
        start === 'excel' ? `/apps/${appId}/import?formId=${form.id}` : `/apps/${appId}/forms/${form.id}/manage/design`,
      );
      void renew();
    } catch (failure) {
      setError(messageOf(failure));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal
      open={open}
      title={text('newForm')}
      width={560}
      okText={text(start === 'excel' ? 'next' : 'create')}
      okButtonProps={{ disabled: !ready, loading: busy }}
      onOk={submit}
      onCancel={onClose}
      destroyOnHidden
    >
      <label className={styles.label} htmlFor={`${id}-name`}>
        {text('newFormName')}
      </label>
      <Input
        id={`${id}-name`}
        autoFocus
        maxLength={40}
        placeholder={text('newFormNamePlaceholder')}
        value={name}
        status={taken ? 'error' : ''}
        onChange={(event) => setName(event.target.value)}
        onPressEnter={(event) => {
          if (!isComposing(event.nativeEvent)) void submit();
        }}
      />
      {taken && <div className={styles.error}>{text('nameTaken', { name: trimmed })}</div>}
      <div className={styles.label} id={`${id}-start`}>
        {text('startFrom')}
      </div>
      <div className={styles.choices} role="radiogroup" aria-labelledby={`${id}-start`}>
        <Choice
          icon={<FormOutlined />}
          title={text('fromBlank')}
          hint={text('fromBlankHint')}
          on={start === 'blank'}
          pick={() => setStart('blank')}
        />
        <Choice
          icon={<FileExcelOutlined />}
          title={text('fromExcel')}
          hint={text('fromExcelHint')}
          on={start === 'excel'}
          pick={() => setStart('excel')}
        />
        <Choice
          icon={<CopyOutlined />}
          title={text('fromCopy')}
          hint={text('fromCopyHint')}
          on={start === 'copy'}
          pick={() => setStart('copy')}
        />
      </div>
      {start === 'copy' && (
        <>
          <label className={styles.label} htmlFor={`${id}-source`}>
            {text('copyWhich')}
          </label>
          <Select
            id={`${id}-source`}
            value={source}
            onChange={setSource}
            loading={forms.isPending}
            placeholder={text('chooseForm')}
            showSearch={{ optionFilterProp: 'label' }}
            options={(forms.data ?? []).map((form) => ({ value: form.id as string, label: form.name }))}
            style={{ width: '100%' }}
          />
        </>
      )}
      {error && <Alert type="error" showIcon title={error} style={{ marginTop: 16 }} />}
    </Modal>
  );
}

interface ChoiceProps {
  icon: ReactNode;
  title: string;
  hint: string;
  on: boolean;
  pick: () => void;
}

function Choice({ icon, title, hint, on, pick }: ChoiceProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a card with a sentence, which a native radio cannot hold
    <button
      type="button"
      role="radio"
      aria-checked={on}
      aria-label={title}
      className={on ? `${styles.choice} ${styles.on}` : styles.choice}
      onClick={pick}
    >
      <span className={styles.icon}>{icon}</span>
      <span className={styles.title}>{title}</span>
      <span className={styles.hint}>{hint}</span>
    </button>
  );
}
