import { useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Modal, Skeleton } from 'antd';
import { useState } from 'react';
import { isCode, messageOf } from '../../api/errors.js';
import { keys, useRenewApp } from '../../api/queries.js';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import { faultsOf } from '../model/faults.js';
import { DiffList } from './diff-list.js';
import { publishDesign } from './publish.js';
import styles from './publish.module.css';
import { type Impact, useImpact, useRemovedValues } from './use-impact.js';

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
  const { design, diff, form, version, adopt, select } = designer;
  const client = useQueryClient();
  const renew = useRenewApp();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const faults = open ? faultsOf(design) : [];
  const ready = open && faults.length === 0;
  const impact = useImpact(form, diff, ready);
  const values = useRemovedValues(form, diff, ready);

  const publish = async () => {
    setBusy(true);
    setError('');
    try {
      const written = await publishDesign(form, design, version);
      client.setQueryData(keys.form(form.id), written);
      adopt(written);
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
                      select(fault.field ? { kind: 'field', uid: fault.field } : { kind: 'form' });
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
              {impact.data ? <ImpactText impact={impact.data} /> : text('impactUnknown')}
            </div>
          )}
        </>
      )}
      {error && <Alert type="error" showIcon title={error} style={{ marginTop: 12 }} />}
    </Modal>
  );
}

function ImpactText({ impact }: { impact: Impact }) {
  const text = useText();
  const parts = [
    ...(impact.views > 0 ? [text('impactViews', { n: impact.views })] : []),
    ...(impact.flows > 0 ? [text('impactFlows', { n: impact.flows })] : []),
    ...(impact.dashboards > 0 ? [text('impactDashboards', { n: impact.dashboards })] : []),
  ];
  return <>{parts.length === 0 ? text('impactNone') : text('impact', { list: parts.join(text('listSeparator')) })}</>;
}
