import type { FlowDetail } from '@lianke/shared/flows/api';
import { App, Button, Popover, Segmented, Switch, Tooltip } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router-dom';
import { messageOf } from '../../api/errors.js';
import { DesignerHeader } from '../../shared/designer/designer-header.js';
import { useFlowActions } from './use-flow-actions.js';
import type { FlowDraft } from './use-flow-draft.js';
import type { FlowFaults } from './use-flow-faults.js';

export type FlowLook = 'canvas' | 'simple';

interface Props {
  flow: FlowDetail;
  draft: FlowDraft;
  faults: FlowFaults;
  look: FlowLook;
  onLook(look: FlowLook): void;
  /** Name of a step as its card says it. */
  nameOf(id: string): string;
  onSelect(id: string): void;
  onCompare(): void;
  onTest(): void;
}

/** Name, undo, state of saving, and what can be done with the flow as a whole. */
export function FlowHeader({ flow, draft, faults, look, onLook, nameOf, onSelect, onCompare, onTest }: Props) {
  const { t } = useTranslation('flows');
  const { t: s } = useTranslation('simpleFlow');
  const { message } = App.useApp();
  const navigate = useNavigate();
  const actions = useFlowActions(flow);
  const [listOpen, setListOpen] = useState(false);

  const publish = async () => {
    if (draft.def.nodes.length === 0) {
      message.warning(t('fault.noSteps'));
      return;
    }
    if (faults.count > 0) {
      setListOpen(true);
      message.warning(t('design.faultsBlock', { count: faults.count }));
      return;
    }
    try {
      await draft.save.flush();
      await actions.publish();
    } catch (error) {
      message.error(messageOf(error));
    }
  };

  const list = (
    <ul className="fault-list">
      {[...faults.byNode].map(([id, messages]) =>
        messages.map((fault) => (
          <li key={id + fault}>
            <button
              type="button"
              onClick={() => {
                onSelect(id);
                setListOpen(false);
              }}
            >
              <b>{nameOf(id)}</b> {fault}
            </button>
          </li>
        )),
      )}
    </ul>
  );
  return (
    <DesignerHeader
      name={flow.name}
      onRename={(name) => void actions.rename(name)}
      onBack={() => void navigate(`/apps/${flow.appId}/forms/${flow.formId}/manage/flows`)}
      backLabel={t('design.back')}
      save={draft.save}
      canUndo={draft.history.past.length > 0}
      canRedo={draft.history.future.length > 0}
      onUndo={draft.undo}
      onRedo={draft.redo}
      meta={
        <span className="tint tint-gray">
          {flow.publishedVersion === null
            ? t('design.notPublished')
            : t('design.versionOf', { version: flow.publishedVersion })}
        </span>
      }
      actions={
        <>
          <Segmented<FlowLook>
            aria-label={s('view')}
            value={look}
            onChange={onLook}
            options={(['simple', 'canvas'] as const).map((value) => ({ value, label: s(value) }))}
          />
          {faults.count > 0 && (
            <Popover open={listOpen} onOpenChange={setListOpen} trigger="click" placement="bottomRight" content={list}>
              <Button type="text" danger>
                {t('design.faults', { count: faults.count })}
              </Button>
            </Popover>
          )}
          <Button type="text" onClick={() => void navigate(`/apps/${flow.appId}/flows/${flow.id}/runs`)}>
            {t('design.runs')}
          </Button>
          {flow.publishedVersion !== null && (
            <Button type="text" onClick={onCompare}>
              {t('more.versions')}
            </Button>
          )}
          <Tooltip title={flow.publishedVersion === null ? t('publishFirst') : undefined}>
            <Switch
              aria-label={t('enable', { name: flow.name })}
              checked={flow.enabled}
              disabled={flow.publishedVersion === null}
              loading={actions.busy}
              checkedChildren={t('design.enable')}
              onChange={(enabled) => void actions.enable(enabled)}
            />
          </Tooltip>
          <Button onClick={onTest}>{t('design.test')}</Button>
          <Button type="primary" loading={actions.busy} onClick={() => void publish()}>
            {t('design.publish')}
          </Button>
        </>
      }
    />
  );
}
