import type { ApiKeyView } from '@lianke/shared/api-keys/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Tag, Tooltip } from 'antd';
import { useState } from 'react';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { pause } from '../i18n/punctuation.js';
import { formatDatetime, formatNumber, formatRecent } from '../shared/format.js';
import styles from './api-keys.module.css';
import { useKeyText } from './i18n.js';
import { KeyDialog } from './key-dialog.js';
import { apiKeysKey } from './use-api-keys.js';

const colours = { active: 'green', expired: 'default', revoked: 'default', memberGone: 'red' } as const;
const namedForms = 4;

/** One key: who it acts as, what it may do, when it was last used; and the ways to change and to end it. */
export function KeyLine({ item }: { item: ApiKeyView }) {
  const text = useKeyText();
  const client = useQueryClient();
  const { message, modal } = App.useApp();
  const [editing, setEditing] = useState(false);

  const revoke = () =>
    modal.confirm({
      title: text('revokeAsk', { name: item.name }),
      content: text('revokeHint'),
      okText: text('revoke'),
      okButtonProps: { danger: true },
      cancelText: text('cancel'),
      onOk: async () => {
        try {
          await api('apiKeys.revoke', { params: { keyId: item.id } });
          message.success(text('revoked'));
        } catch (error) {
          message.error(messageOf(error));
        }
        await client.invalidateQueries({ queryKey: apiKeysKey });
      },
    });

  const open = item.state === 'active' || item.state === 'memberGone';
  return (
    <li className={styles.line}>
      <div className={styles.about}>
        <div className={styles.name}>
          <strong className={open ? undefined : 'muted'}>{item.name}</strong>
          <Tag color={colours[item.state]}>{text(`state_${item.state}`)}</Tag>
          <Tag>{text(`access_${item.access}`)}</Tag>
          <code className="muted">{item.hint}…</code>
        </div>
        <div className={styles.facts}>
          <span>
            {text('actsAs', { name: item.member.label })}
            {item.member.admin && (
              <Tag color="orange" style={{ marginInlineStart: 6 }}>
                {text('adminWarn')}
              </Tag>
            )}
          </span>
          <FormNames forms={item.forms} />
          <span>{text('perMinute', { n: formatNumber(item.perMinute) })}</span>
        </div>
        <div className={`${styles.facts} muted`}>
          <span title={item.lastUsedAt ? formatDatetime(item.lastUsedAt) : undefined}>
            {item.lastUsedAt
              ? text('lastUsed', { at: formatRecent(item.lastUsedAt), from: item.lastUsedFrom ?? '' })
              : text('unused')}
          </span>
          <span>{item.expiresAt ? text('until', { at: formatDatetime(item.expiresAt, 'day') }) : text('forever')}</span>
          <span>{text('made', { who: item.createdBy?.label ?? '', at: formatDatetime(item.createdAt, 'day') })}</span>
        </div>
      </div>
      {item.state !== 'revoked' && (
        <div className={styles.deeds}>
          <Button size="small" onClick={() => setEditing(true)}>
            {text('edit')}
          </Button>
          <Button danger size="small" onClick={revoke}>
            {text('revoke')}
          </Button>
        </div>
      )}
      {editing && <KeyDialog item={item} onClose={() => setEditing(false)} />}
    </li>
  );
}

function FormNames({ forms }: { forms: ApiKeyView['forms'] }) {
  const text = useKeyText();
  if (forms === null) return <span>{text('allForms')}</span>;
  if (forms.length === 0) return <span>{text('noForms')}</span>;
  const names = forms.map((form) => form.label);
  const shown = names.slice(0, namedForms).join(pause());
  const more = names.length - namedForms;
  const line = <span>{text('someForms', { names: more > 0 ? `${shown} +${more}` : shown })}</span>;
  return more > 0 ? <Tooltip title={names.join(pause())}>{line}</Tooltip> : line;
}
