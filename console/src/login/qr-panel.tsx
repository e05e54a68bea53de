import { urlOf } from '@lianke/shared/api/client';
import type { AnswerOf } from '@lianke/shared/api/contracts';
import { useQuery } from '@tanstack/react-query';
import { Button, Select, Spin } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import styles from './login.module.css';

type Connection = AnswerOf<'auth.connections'>['items'][number];

/** The platform's own page with its QR, watched until somebody confirms on the phone. */
function Code({ connection, onDone }: { connection: Connection; onDone: () => void }) {
  const { t } = useTranslation('login');
  const ticket = useQuery({
    queryKey: ['qr', connection.id],
    queryFn: () => api('auth.qr.create', { body: { connectionId: connection.id } }),
    // A code is good for one try: coming back to the page asks for a new one.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const state = useQuery({
    queryKey: ['qr', 'state', ticket.data?.id],
    queryFn: () => api('auth.qr.get', { params: { id: ticket.data?.id ?? '' } }),
    enabled: ticket.data !== undefined,
    refetchInterval: (query) => {
      const now = query.state.data?.state;
      return now === undefined || now === 'waiting' ? 1000 : false;
    },
    refetchIntervalInBackground: true,
    gcTime: 0,
    retry: true,
  });
  const phase = state.data?.state ?? 'waiting';
  useEffect(() => {
    if (phase === 'done') onDone();
  }, [phase, onDone]);

  const over = phase === 'expired' || phase === 'refused' || ticket.error;
  return (
    <div className={styles.qrBox}>
      {ticket.data && <iframe src={ticket.data.url} title={t('qrAlt')} />}
      {(ticket.isPending || phase === 'done') && (
        <div className={styles.veil}>
          <Spin />
        </div>
      )}
      {over && (
        <div className={styles.veil} role="alert">
          <div style={{ fontWeight: 600 }}>{t(phase === 'refused' ? 'refused' : 'expired')}</div>
          {(state.data?.reason || ticket.error) && (
            <div style={{ maxWidth: 180 }}>{state.data?.reason ?? messageOf(ticket.error)}</div>
          )}
          <Button type="primary" size="small" onClick={() => void ticket.refetch()}>
            {t('refresh')}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Where this window leaves for the platform's own page, to come back logged in. */
function startPath({ channel, id }: Connection): string {
  const start = urlOf('auth.code', { channel }).replace(/code$/, 'start');
  return `${start}?${new URLSearchParams({ connectionId: id, returnTo: '/' })}`;
}

/** 扫码登录: one code; where this server hosts several companies, of the one chosen. */
export function QrPanel({ connections, onDone }: { connections: readonly Connection[]; onDone: () => void }) {
  const { t } = useTranslation('login');
  const [chosen, setChosen] = useState(connections[0]?.id);
  const connection = connections.find((item) => item.id === chosen) ?? connections[0];
  if (!connection) return <p className="muted">{t('noConnections')}</p>;
  return (
    <div className={styles.qr}>
      {connections.length > 1 && (
        <Select
          aria-label={t('chooseConnection')}
          style={{ width: 220 }}
          value={connection.id}
          onChange={setChosen}
          options={connections.map((item) => ({
            value: item.id,
            label: t('of', { tenant: item.tenant.name, channel: t(item.channel) }),
          }))}
        />
      )}
      {connection.channel === 'dingtalk' ? (
        // Its page wants a window of its own; it comes back here logged in.
        <Button type="primary" size="large" href={startPath(connection)}>
          {t('openDingtalk')}
        </Button>
      ) : (
        <Code key={connection.id} connection={connection} onDone={onDone} />
      )}
      <div>{t('scanWith', { channel: t(connection.channel) })}</div>
      {connection.channel !== 'dingtalk' && (
        // A frame that stays empty, or in which the platform refuses, is nothing that this page hears of.
        <div className="muted">
          {t('noCode')} <a href={startPath(connection)}>{t('wholePage')}</a>
        </div>
      )}
      {connections.length === 1 && <div className="muted">{connection.tenant.name}</div>}
    </div>
  );
}
