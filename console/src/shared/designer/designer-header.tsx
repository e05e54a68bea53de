import { ArrowLeftOutlined, RedoOutlined, UndoOutlined } from '@ant-design/icons';
import { Button, Input, Tooltip } from 'antd';
import dayjs from 'dayjs';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '../../api/errors.js';
import './designer.css';
import './i18n.js';
import { isComposing } from '../is-composing.js';
import type { Autosave, SaveState } from './use-autosave.js';

interface Props {
  name: string;
  /** Called with a name that differs and is not empty. */
  onRename: (name: string) => void;
  onBack: () => void;
  backLabel: string;
  save: Autosave;
  canUndo: boolean;
  canRedo: boolean;
  onUndo: () => void;
  onRedo: () => void;
  /** Stands after the name: version, switch. */
  meta?: ReactNode;
  /** Stands at the right end: preview, publish. */
  actions: ReactNode;
}

/** The head of every designer: name, saved state, undo and redo, and what can be done with the whole. */
export function DesignerHeader(props: Props) {
  const { t } = useTranslation('designer');
  const { name, onRename, onBack, backLabel, save, canUndo, canRedo, onUndo, onRedo, meta, actions } = props;
  const [typed, setTyped] = useState(name);
  useEffect(() => setTyped(name), [name]);
  const done = () => {
    const next = typed.trim();
    if (next === '') setTyped(name);
    else if (next !== name) onRename(next);
  };
  return (
    <header className="designer-header">
      <Tooltip title={backLabel}>
        <Button type="text" icon={<ArrowLeftOutlined />} aria-label={backLabel} onClick={onBack} />
      </Tooltip>
      <Input
        variant="borderless"
        className="designer-name"
        aria-label={t('name')}
        value={typed}
        maxLength={40}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={done}
        onPressEnter={(event) => {
          if (!isComposing(event.nativeEvent)) event.currentTarget.blur();
        }}
        style={{ width: `${Math.min(Math.max(widthOf(typed), 6), 30) + 3}ch` }}
      />
      {meta}
      <SavedState state={save.state} onRetry={() => void save.flush().catch(() => undefined)} />
      <span className="designer-gap" />
      <Tooltip title={`${t('undo')} Ctrl+Z`}>
        <Button type="text" icon={<UndoOutlined />} aria-label={t('undo')} disabled={!canUndo} onClick={onUndo} />
      </Tooltip>
      <Tooltip title={`${t('redo')} Ctrl+Y`}>
        <Button type="text" icon={<RedoOutlined />} aria-label={t('redo')} disabled={!canRedo} onClick={onRedo} />
      </Tooltip>
      {actions}
    </header>
  );
}

/** Width of a text in `ch`, Chinese characters counting two. */
function widthOf(text: string): number {
  let width = 0;
  for (const char of text) width += char.charCodeAt(0) > 0xff ? 2 : 1;
  return width;
}

function SavedState({ state, onRetry }: { state: SaveState; onRetry: () => void }) {
  const { t } = useTranslation('designer');
  if (state.kind === 'failed') {
    return (
      <span className="designer-saved" role="status">
        <Button type="link" danger size="small" onClick={onRetry}>
          {t('failed', { reason: messageOf(state.error) })}
        </Button>
      </span>
    );
  }
  const text =
    state.kind === 'saved'
      ? state.at
        ? t('savedAt', { time: dayjs(state.at).format('HH:mm') })
        : t('saved')
      : t(state.kind);
  return (
    <span className="designer-saved muted" role="status">
      {text}
    </span>
  );
}
