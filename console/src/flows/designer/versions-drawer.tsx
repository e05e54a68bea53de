import type { FlowDetail } from '@lianke/shared/flows/api';
import type { FlowDefinition } from '@lianke/shared/flows/definition';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Drawer, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { type FormView, keys } from '../../api/queries.js';
import { formatDatetime } from '../../shared/format.js';
import { compareFlows } from '../model/compare.js';
import { useSpeakerOf } from '../model/use-speaker.js';

interface Props {
  flow: FlowDetail;
  forms: readonly FormView[];
  draft: FlowDefinition;
  onClose: () => void;
  onRestored: (detail: FlowDetail) => void;
}

/** Published versions: how each differs from what is on the canvas, going back to one, and moving runs on. */
export function VersionsDrawer({ flow, forms, draft, onClose, onRestored }: Props) {
  const { t } = useTranslation('flows');
  const { message, modal } = App.useApp();
  const client = useQueryClient();
  const [open, setOpen] = useState<number | undefined>(flow.publishedVersion ?? undefined);
  const key = [...keys.flow(flow.id), 'versions'];
  const versions = useQuery({
    queryKey: key,
    queryFn: async () => (await api('flows.versions', { params: { id: flow.id } })).items,
  });
  const old = (versions.data ?? []).filter((item) => item.version !== flow.publishedVersion);
  const behind = old.reduce((sum, item) => sum + item.running, 0);
  const restore = (version: number) =>
    modal.confirm({
      title: t('more.restoreAsk', { version }),
      content: t('more.restoreHint'),
      okText: t('more.restore'),
      onOk: async () => {
        try {
          const detail = await api('flows.restore', { params: { id: flow.id, version } });
          client.setQueryData(keys.flow(flow.id), detail);
          void client.invalidateQueries({ queryKey: key });
          onRestored(detail);
          message.success(t('more.restored', { version, now: detail.publishedVersion ?? version }));
        } catch (error) {
          message.error(messageOf(error));
        }
      },
    });
  const migrate = async () => {
    try {
      const { moved, left } = await api('flows.migrate', { params: { id: flow.id } });
      void client.invalidateQueries({ queryKey: key });
      message.success(t(left > 0 ? 'more.migratedLeft' : 'more.migrated', { moved, left }));
    } catch (error) {
      message.error(messageOf(error));
    }
  };
  return (
    <Drawer open title={t('more.versions')} size={Math.min(520, window.innerWidth)} onClose={onClose}>
      {versions.isPending && <Skeleton active />}
      {versions.error && <Alert type="error" showIcon title={messageOf(versions.error)} />}
      {behind > 0 && (
        <Alert
          type="info"
          showIcon
          style={{ marginBottom: 16 }}
          title={t('more.behind', { n: behind, version: flow.publishedVersion ?? 1 })}
          action={
            <Button size="small" onClick={() => void migrate()}>
              {t('more.migrate')}
            </Button>
          }
        />
      )}
      {(versions.data ?? []).map((item) => (
        <section key={item.version} className="version-item">
          <div className="version-head">
            <b>{t('design.versionOf', { version: item.version })}</b>
            {item.version === flow.publishedVersion && <span className="tint tint-green">{t('more.current')}</span>}
            {item.running > 0 && <span className="tint tint-blue">{t('more.running', { n: item.running })}</span>}
            <span className="muted ellipsis" style={{ flex: 1 }}>
              {item.by} {formatDatetime(item.publishedAt)}
            </span>
            <Button
              size="small"
              type="link"
              aria-expanded={open === item.version}
              onClick={() => setOpen(open === item.version ? undefined : item.version)}
            >
              {t('more.compare')}
            </Button>
            {item.version !== flow.publishedVersion && (
              <Button size="small" type="link" onClick={() => restore(item.version)}>
                {t('more.restore')}
              </Button>
            )}
          </div>
          {open === item.version && <Differences flow={flow} version={item.version} draft={draft} forms={forms} />}
        </section>
      ))}
    </Drawer>
  );
}

const tints = { added: 'green', removed: 'red', changed: 'gold', moved: 'blue' } as const;

function Differences({
  flow,
  version,
  draft,
  forms,
}: {
  flow: FlowDetail;
  version: number;
  draft: FlowDefinition;
  forms: readonly FormView[];
}) {
  const { t } = useTranslation('flows');
  const speakerOf = useSpeakerOf(forms);
  const { data, error } = useQuery({
    queryKey: [...keys.flow(flow.id), 'version', version],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => api('flows.version', { params: { id: flow.id, version } }),
  });
  if (error) return <Alert type="error" showIcon title={messageOf(error)} />;
  if (!data) return <Skeleton active paragraph={{ rows: 2 }} title={false} />;
  const changes = compareFlows(speakerOf(data), speakerOf(draft));
  if (changes.length === 0) return <p className="muted">{t('more.same')}</p>;
  return (
    <ul className="version-changes">
      {changes.map((change) => (
        <li key={change.id + change.kind}>
          <span className={`tint tint-${tints[change.kind]}`}>{t(`more.changeOf.${change.kind}`)}</span>{' '}
          <b>{change.name}</b>
          {change.before && change.before !== change.after && <del>{change.before}</del>}
          {change.after && <div>{change.after}</div>}
        </li>
      ))}
    </ul>
  );
}
