import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Modal, Skeleton } from 'antd';
import { useMemo, useState } from 'react';
import { api } from '../../api/client.js';
import { isCode, messageOf } from '../../api/errors.js';
import { keys, useRenewApp } from '../../api/queries.js';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import { designOf } from '../model/design.js';
import { restoreDiff } from '../model/restore.js';
import { DiffList } from './diff-list.js';
import { ImpactList } from './impact-list.js';
import styles from './publish.module.css';
import { useImpact, useRemovedValues } from './use-impact.js';

/** What bringing an old version back changes and touches, as a publish tells it; it publishes only then. */
export function RestoreDialog({
  version,
  onClose,
  onRestored,
}: {
  /** Undefined: closed. */
  version: number | undefined;
  onClose: () => void;
  onRestored: () => void;
}) {
  const text = useText();
  const { form, dirty, adopt } = useDesigner();
  const client = useQueryClient();
  const renew = useRenewApp();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState('');
  // What stood when the question was asked; what has been published since is told before it is gone back on.
  const [asked, setAsked] = useState({ version, seen: form.version });
  if (asked.version !== version) setAsked({ version, seen: form.version });
  const moved = version !== undefined && asked.seen !== form.version;
  const old = useQuery({
    queryKey: ['formVersions', form.id, version],
    queryFn: () => api('forms.version', { params: { formId: form.id, version: String(version) } }),
    enabled: version !== undefined,
  });
  const now = useMemo(() => designOf(form), [form]);
  const { diff, kept } = useMemo(() => restoreDiff(now, old.data ? designOf(old.data) : now), [now, old.data]);
  const ready = version !== undefined && old.data !== undefined;
  const impact = useImpact(form, diff, ready);
  const values = useRemovedValues(form, diff, ready);

  const close = () => {
    setFailure('');
    onClose();
  };
  const restore = async () => {
    setBusy(true);
    setFailure('');
    try {
      const answer = await api('forms.rollback', {
        params: { formId: form.id, version: String(version) },
        body: { version: form.version },
      });
      client.setQueryData(keys.form(form.id), answer.form);
      adopt(answer.form);
      void renew(form.id);
      void client.invalidateQueries({ queryKey: ['formVersions', form.id] });
      message.success(text('versionRestored', { version: version ?? 0, now: answer.form.version }));
      const left = [...answer.lost, ...answer.kept];
      if (left.length > 0) message.warning(text('versionLeft', { list: left.join(text('aspectSeparator')) }), 8);
      close();
      onRestored();
    } catch (error) {
      if (!isCode(error, 'version_conflict')) return setFailure(messageOf(error));
      // The question is put again, with the changes against what stands now.
      await client.refetchQueries({ queryKey: keys.form(form.id), exact: true });
      void client.invalidateQueries({ queryKey: ['formVersions', form.id] });
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal
      open={version !== undefined}
      title={text('versionRestoreTitle', { n: version ?? 0 })}
      width={520}
      onCancel={close}
      onOk={restore}
      okText={text('versionRestore')}
      okButtonProps={{ disabled: !ready, loading: busy }}
      destroyOnHidden
    >
      {old.isPending && <Skeleton active />}
      {old.error && <Alert type="error" showIcon title={messageOf(old.error)} />}
      {ready && (
        <>
          {moved && (
            <Alert
              type="warning"
              showIcon
              title={text('versionMoved', { n: form.version })}
              style={{ marginBottom: 12 }}
            />
          )}
          {dirty && <Alert type="warning" showIcon title={text('versionDropsDraft')} style={{ marginBottom: 12 }} />}
          <DiffList diff={diff} values={values} none={text('versionSame')} />
          {kept.length > 0 && (
            <p className="muted" style={{ marginBlock: 8 }}>
              {text('versionKeeps', { list: kept.join(text('aspectSeparator')) })}
            </p>
          )}
          {impact.isPending ? (
            <Skeleton active title={false} paragraph={{ rows: 1 }} />
          ) : (
            <div className={styles.impact}>
              {impact.data ? <ImpactList uses={impact.data} diff={diff} onLeave={close} /> : text('impactUnknown')}
            </div>
          )}
        </>
      )}
      {failure && <Alert type="error" showIcon title={failure} style={{ marginTop: 12 }} />}
    </Modal>
  );
}
