import { useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Input, Modal, Skeleton } from 'antd';
import { useState } from 'react';
import { isCode, messageOf } from '../../api/errors.js';
import { keys, useRenewApp } from '../../api/queries.js';
import { selectionOf, useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import { faultsOf } from '../model/faults.js';
import { DiffList } from './diff-list.js';
import { ImpactList } from './impact-list.js';
import { publishDesign } from './publish.js';
import styles from './publish.module.css';
import { useImpact, useRemovedValues } from './use-impact.js';

interface Props {
  open: boolean;
  onClose: () => void;
  /** The form was published by someone else: `form` must be read again and the two brought together. */
  onConflict: () => void;
}

/** What publishing changes and touches, then publishes; or what must be mended before. */
export function PublishDialog({ open, onClose, onConflict }: Props) {
  const text = useText();
  const designer = useDesigner();
  const { design, diff, form, version, adopt, select, draft } = designer;
  const client = useQueryClient();
  const renew = useRenewApp();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const [note, setNote] = useState('');
  const faults = open ? faultsOf(design) : [];
  const ready = open && faults.length === 0;
  const impact = useImpact(form, diff, ready);
  const values = useRemovedValues(form, diff, ready);

  const publish = async () => {
    setBusy(true);
    setError('');
    try {
      const revision = await draft.flush();
      const written = await publishDesign(form, design, version, {
        ...(note.trim() ? { note: note.trim() } : {}),
        ...(revision > 0 ? { draft: revision } : {}),
      });
      client.setQueryData(keys.form(form.id), written);
      adopt(written, true);
      setNote('');
      void client.invalidateQueries({ queryKey: ['formVersions', form.id] });
      void renew(form.id);
      message.success(text('publishedToast'));
      onClose();
    } catch (failure) {
      if (isCode(failure, 'version_conflict')) {
        onClose();
        onConflict();
      } else setError(messageOf(failure));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal
      open={open}
      title={text('publishTitle', { name: form.name })}
      width={520}
      onCancel={onClose}
      onOk={publish}
      okText={text('publishNow')}
      okButtonProps={{ disabled: faults.length > 0, loading: busy }}
      destroyOnHidden
    >
      {faults.length > 0 ? (
        <Alert
          type="warning"
          showIcon
          title={text('faultsTitle', { n: faults.length })}
          description={
            <ul className={styles.faults}>
              {faults.map((fault) => (
                <li key={`${fault.code}-${fault.field ?? ''}`}>
                  {text(`fault_${fault.code}`, fault.params)}
                  <Button
                    type="link"
                    size="small"
                    onClick={() => {
                      select(fault.field ? selectionOf(design, fault.field) : { kind: 'form' });
                      onClose();
                    }}
                  >
                    {text('goMend')}
                  </Button>
                </li>
              ))}
            </ul>
          }
        />
      ) : (
        <>
          <DiffList diff={diff} values={values} />
          {impact.isPending && ready ? (
            <Skeleton active title={false} paragraph={{ rows: 1 }} />
          ) : (
            <div className={styles.impact}>
              {impact.data ? <ImpactList uses={impact.data} diff={diff} onLeave={onClose} /> : text('impactUnknown')}
            </div>
          )}
          <Input
            aria-label={text('publishNote')}
            placeholder={text('publishNotePlaceholder')}
            maxLength={200}
            value={note}
            onChange={(event) => setNote(event.target.value)}
            style={{ marginTop: 12 }}
          />
        </>
      )}
      {error && <Alert type="error" showIcon title={error} style={{ marginTop: 12 }} />}
    </Modal>
  );
}
