import { ArrowLeftOutlined, SwapOutlined } from '@ant-design/icons';
import type { HandoverItem, HandoverPreview } from '@lianke/shared/handover/api';
import type { MemberId } from '@lianke/shared/ids';
import type { Reference } from '@lianke/shared/records/query';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Card, Checkbox, Skeleton } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router-dom';
import { Guard } from '../admin/guard.js';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { PageError } from '../app/page-error.js';
import { comma, pause } from '../i18n/punctuation.js';
import { EmptyState } from '../shared/empty-state.js';
import { formatTotal } from '../shared/format.js';
import { MemberPicker } from '../shared/member-picker.js';
import styles from './handover.module.css';
import { HandoverHistory } from './history.js';
import { type HandoverText, useHandoverText } from './i18n.js';

/** `/admin/members/:id/handover`: everything of one member, to one or several heirs. */
export function HandoverPage() {
  return (
    <Guard need="admin">
      <Handover />
    </Guard>
  );
}

function Handover() {
  const text = useHandoverText();
  const { memberId = '' } = useParams();
  const preview = useQuery({
    queryKey: ['handover', memberId],
    queryFn: () => api('handovers.preview', { params: { memberId: memberId as MemberId } }),
  });
  if (preview.isPending) return <Skeleton active style={{ padding: 24 }} paragraph={{ rows: 8 }} />;
  if (!preview.data) return <PageError error={preview.error} retry={() => void preview.refetch()} />;
  const { member, items } = preview.data;
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <Link to="/admin/members" aria-label={text('back')} title={text('back')}>
          <ArrowLeftOutlined />
        </Link>
        <h1>{text('title', { name: member.label })}</h1>
      </header>
      {items.length === 0 ? (
        <Card>
          <EmptyState
            compact
            title={text('nothing', { name: member.label })}
            hint={text('nothingHint', { name: member.label })}
          />
        </Card>
      ) : (
        <Choose key={items.map(keyOf).join()} preview={preview.data} />
      )}
      <HandoverHistory />
    </div>
  );
}

const keyOf = (item: HandoverItem) => `${item.kind}/${item.formId ?? ''}`;

export function kindText(text: HandoverText, item: Pick<HandoverItem, 'kind' | 'label'>): string {
  return text(`kind.${item.kind}`, { label: item.label });
}

function Choose({ preview: { member, items } }: { preview: HandoverPreview }) {
  const text = useHandoverText();
  const client = useQueryClient();
  const { message, modal } = App.useApp();
  const [off, setOff] = useState<ReadonlySet<string>>(new Set());
  const [usual, setUsual] = useState<Reference | null>(null);
  const [own, setOwn] = useState<Readonly<Record<string, Reference | null>>>({});
  const [busy, setBusy] = useState(false);
  const chosen = items.filter((item) => !off.has(keyOf(item)));
  const heirOf = (item: HandoverItem) => own[keyOf(item)] ?? usual;
  const missing = chosen.some((item) => !heirOf(item));

  async function start() {
    const sure = await modal.confirm({
      title: text('confirmTitle', { n: chosen.length }),
      content: text('confirmHint', { name: member.label }),
      okText: text('start'),
    });
    if (!sure) return;
    setBusy(true);
    try {
      const { results } = await api('handovers.start', {
        params: { memberId: member.id as MemberId },
        body: {
          items: chosen.flatMap((item) => {
            const heir = heirOf(item);
            return heir ? [{ kind: item.kind, formId: item.formId, to: heir.id as MemberId }] : [];
          }),
        },
      });
      const failed = results.reduce((sum, result) => sum + result.failed, 0);
      const reason = results.find((result) => result.reason)?.reason ?? '';
      if (failed > 0) message.warning(text('doneSome', { n: failed, reason }), 10);
      else message.success(text('done'));
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
    await client.invalidateQueries();
  }

  return (
    <Card>
      <p className="muted" style={{ margin: '0 0 12px' }}>
        {text('hint')}
      </p>
      <div className={styles.usual}>
        <span>{text('everything')}</span>
        <span className={styles.picker}>
          <MemberPicker value={usual} onChange={setUsual} label={text('everything')} />
        </span>
      </div>
      <ul className={styles.items}>
        {items.map((item) => {
          const key = keyOf(item);
          const on = !off.has(key);
          return (
            <li key={key} className={styles.item}>
              <Checkbox
                checked={on}
                onChange={({ target }) => {
                  const next = new Set(off);
                  if (target.checked) next.delete(key);
                  else next.add(key);
                  setOff(next);
                }}
              >
                {kindText(text, item)} <strong className="tabular">{formatTotal(item.count)}</strong>
              </Checkbox>
              <span className={styles.picker}>
                <MemberPicker
                  value={heirOf(item)}
                  disabled={!on}
                  label={`${text('to')} ${kindText(text, item)}`}
                  onChange={(heir: Reference | null) => setOwn({ ...own, [key]: heir })}
                />
              </span>
              {item.names.length > 0 && <span className={`muted ${styles.names}`}>{item.names.join(pause())}</span>}
            </li>
          );
        })}
      </ul>
      {busy && <Alert type="info" showIcon title={text('working')} style={{ marginBottom: 12 }} />}
      <div className={styles.foot}>
        <span className="muted">
          {text('chosen', { n: chosen.length })}
          {chosen.length > 0 && missing && `${comma()}${text('missing')}`}
        </span>
        <Button
          type="primary"
          icon={<SwapOutlined />}
          loading={busy}
          disabled={chosen.length === 0 || missing}
          onClick={() => void start()}
        >
          {text('start')}
        </Button>
      </div>
    </Card>
  );
}
