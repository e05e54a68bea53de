import { useQuery } from '@tanstack/react-query';
import { App, Button, Checkbox, Modal, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router-dom';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { keys, useRenewApp } from '../api/queries.js';
import { pause } from '../i18n/punctuation.js';
import styles from './home.module.css';

interface TemplateDialogProps {
  open: boolean;
  onClose: () => void;
  /** Whoever came to bring his spreadsheet goes on to the import, where the demonstration has a sample at hand. */
  forImport: boolean;
}

/** 用模板: the app templates with what each brings; installing opens the new app. */
export function TemplateDialog({ open, onClose, forImport }: TemplateDialogProps) {
  const { t } = useTranslation('home');
  const { message } = App.useApp();
  const navigate = useNavigate();
  const renew = useRenewApp();
  const [busy, setBusy] = useState<string>();
  const [sample, setSample] = useState(false);
  const templates = useQuery({
    queryKey: keys.templates,
    queryFn: async () => (await api('templates.list', {})).items,
    enabled: open,
  });

  async function install(key: string, name: string) {
    setBusy(key);
    try {
      const { app } = await api('templates.install', {
        params: { key },
        query: { sample: sample && !forImport ? 'true' : 'false' },
      });
      await renew();
      message.success(t('installed', { name }));
      onClose();
      navigate(forImport ? `/apps/${app.id}/import` : `/apps/${app.id}`);
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(undefined);
    }
  }

  return (
    <Modal open={open} title={t('templates')} footer={null} onCancel={onClose} width={620}>
      {forImport && <p className="muted">{t('templatesForImport')}</p>}
      {templates.isPending && <Skeleton active />}
      {!forImport && templates.data?.some((template) => template.sampleRows > 0) && (
        <Checkbox checked={sample} onChange={(event) => setSample(event.target.checked)}>
          {t('templateSample')}
        </Checkbox>
      )}
      {templates.error && <p>{messageOf(templates.error)}</p>}
      {templates.data?.map((template) => (
        <div key={template.key} className={styles.template}>
          <span className={styles.appIcon} aria-hidden>
            {[...template.name][0]}
          </span>
          <div style={{ flex: 1, minWidth: 0 }}>
            <div className={styles.appName}>{template.name}</div>
            <div className="muted">{template.description}</div>
            <div className="muted">
              {t('templateForms', { n: template.forms.length, names: template.forms.join(pause()) })}
            </div>
          </div>
          <Button
            type="primary"
            aria-label={t('installTemplate', { name: template.name })}
            loading={busy === template.key}
            disabled={busy !== undefined && busy !== template.key}
            onClick={() => void install(template.key, template.name)}
          >
            {t(busy === template.key ? 'installing' : 'install')}
          </Button>
        </div>
      ))}
    </Modal>
  );
}
