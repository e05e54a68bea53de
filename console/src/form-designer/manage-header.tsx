import { ArrowLeftOutlined, EyeOutlined, HistoryOutlined, RedoOutlined, UndoOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Input, Tooltip } from 'antd';
import dayjs from 'dayjs';
import { type ReactNode, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { keys } from '../api/queries.js';
import { ConversionBar } from './conversion/conversion-bar.js';
import styles from './designer/designer.module.css';
import { useDesigner } from './designer/use-designer.js';
import { useText } from './i18n.js';
import { mergeDesigns } from './model/merge.js';
import { PreviewDialog } from './preview/preview-dialog.js';
import { ConflictDialog } from './publish/conflict-dialog.js';
import { PublishDialog } from './publish/publish-dialog.js';
import { VersionsDrawer } from './publish/versions-drawer.js';

function Back() {
  const text = useText();
  const navigate = useNavigate();
  const { form } = useDesigner();
  return (
    <Tooltip title={text('backToData')}>
      <Button
        type="text"
        icon={<ArrowLeftOutlined />}
        aria-label={text('backToData')}
        onClick={() => navigate(`/apps/${form.appId}/forms/${form.id}`)}
      />
    </Tooltip>
  );
}

/** The head of the tabs that design nothing. */
export function PlainHeader({ tabs }: { tabs: ReactNode }) {
  const { form } = useDesigner();
  return (
    <header className={styles.header}>
      <div className={styles.headerLeft}>
        <Back />
        <strong className="ellipsis" style={{ paddingLeft: 8, fontSize: 16 }}>
          {form.name}
        </strong>
      </div>
      {tabs}
      <div className={styles.headerRight} />
    </header>
  );
}

/** The designer's head: name, saved state, undo and redo, preview, publish. */
export function DesignHeader({ tabs }: { tabs: ReactNode }) {
  const text = useText();
  const designer = useDesigner();
  const { design, act, seal, undo, redo, canUndo, canRedo, dirty, stale, version, form, adopt } = designer;
  const { message } = App.useApp();
  const client = useQueryClient();
  const [open, setOpen] = useState<'preview' | 'publish' | 'conflict' | 'versions'>();
  const [told, setTold] = useState(false);
  const close = () => setOpen(undefined);
  return (
    <>
      <header className={styles.header}>
        <div className={styles.headerLeft}>
          <Back />
          <Input
            variant="borderless"
            className={styles.nameInput ?? ''}
            aria-label={text('formName')}
            value={design.name}
            maxLength={40}
            status={design.name.trim() === '' ? 'error' : ''}
            onChange={(event) => act({ type: 'rename', name: event.target.value }, 'formName')}
            onBlur={seal}
          />
          <SavedState />
        </div>
        {tabs}
        <div className={styles.headerRight}>
          <Tooltip title={`${text('undo')} Ctrl+Z`}>
            <Button type="text" icon={<UndoOutlined />} aria-label={text('undo')} disabled={!canUndo} onClick={undo} />
          </Tooltip>
          <Tooltip title={`${text('redo')} Ctrl+Y`}>
            <Button type="text" icon={<RedoOutlined />} aria-label={text('redo')} disabled={!canRedo} onClick={redo} />
          </Tooltip>
          <Tooltip title={text('versions')}>
            <Button
              type="text"
              icon={<HistoryOutlined />}
              aria-label={text('versions')}
              onClick={() => setOpen('versions')}
            />
          </Tooltip>
          <Button
            icon={<EyeOutlined />}
            aria-label={text('preview')}
            className={styles.headerAction ?? ''}
            onClick={() => setOpen('preview')}
            style={{ marginLeft: 4 }}
          >
            {text('preview')}
          </Button>
          <Tooltip title={dirty ? '' : text('nothingToPublish')}>
            <Button
              type="primary"
              disabled={!dirty || designer.draft.other !== null}
              onClick={() => setOpen(stale ? 'conflict' : 'publish')}
              style={{ marginLeft: 4 }}
            >
              {text('publish')}
            </Button>
          </Tooltip>
        </div>
      </header>
      <OtherDesigner />
      <ConversionBar />
      {stale && (
        <Alert
          banner
          type="warning"
          className={styles.banner ?? ''}
          title={text('draftStale', { from: version, to: form.version })}
          action={
            <Button size="small" onClick={() => setOpen('conflict')}>
              {text('resolve')}
            </Button>
          }
        />
      )}
      {!stale && dirty && designer.restored && !told && (
        <Alert
          banner
          type="info"
          className={styles.banner ?? ''}
          title={text('draftRestored', {
            name: designer.restored.savedBy?.name ?? text('somebody'),
            time: dayjs(designer.restored.savedAt).format('MM-DD HH:mm'),
          })}
          closable={{ onClose: () => setTold(true) }}
          action={
            <Button
              size="small"
              onClick={() => {
                adopt(form);
                setTold(true);
                message.info(text('discarded'));
              }}
            >
              {text('discardDraft')}
            </Button>
          }
        />
      )}
      <PreviewDialog open={open === 'preview'} onClose={close} />
      <PublishDialog
        open={open === 'publish'}
        onClose={close}
        onConflict={() => {
          void client.refetchQueries({ queryKey: keys.form(form.id), exact: true }).then(() => setOpen('conflict'));
        }}
      />
      <VersionsDrawer open={open === 'versions'} onClose={close} />
      <ConflictDialog open={open === 'conflict'} onClose={close} />
    </>
  );
}

function SavedState() {
  const text = useText();
  const { draft, dirty } = useDesigner();
  const { saved } = draft;
  if (saved.kind === 'failed') {
    return (
      <span className={styles.saved} role="status">
        <Button type="link" danger size="small" onClick={() => void draft.flush()}>
          {text('notSaved')}
        </Button>
      </span>
    );
  }
  return (
    <span className={styles.saved} role="status" title={dirty ? text('unpublished') : ''}>
      {saved.kind === 'saving'
        ? text('saving')
        : saved.kind === 'saved'
          ? text('savedAt', { time: dayjs(saved.at).format('HH:mm') })
          : dirty
            ? ''
            : text('published')}
    </span>
  );
}

/** Two designers at once: the second sees what the first saved, and says how to go on. */
function OtherDesigner() {
  const text = useText();
  const { draft, design, takeOver } = useDesigner();
  const { message } = App.useApp();
  const { other, common } = draft;
  if (!other) return null;
  const params = { name: other.savedBy?.name ?? text('somebody'), time: dayjs(other.savedAt).format('HH:mm') };
  return (
    <Alert
      banner
      type="warning"
      className={styles.banner ?? ''}
      title={text('otherSaved', params)}
      action={
        <>
          <Button
            size="small"
            type="primary"
            onClick={() => {
              const { design: merged, conflicts } = mergeDesigns(common, design, other.design);
              takeOver(other, merged);
              if (conflicts.length === 0) message.success(text('mergedDraft', params));
              else
                message.warning(
                  text('conflictBoth', { list: conflicts.map(({ mine }) => mine.name).join(text('aspectSeparator')) }),
                );
            }}
          >
            {text('mergeDrafts')}
          </Button>
          <Button size="small" style={{ marginLeft: 8 }} onClick={() => takeOver(other, other.design)}>
            {text('takeTheirs', params)}
          </Button>
        </>
      }
    />
  );
}
