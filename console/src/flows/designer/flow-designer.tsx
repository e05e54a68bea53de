import { DndContext, DragOverlay, PointerSensor, useSensor, useSensors } from '@dnd-kit/core';
import type { FlowDetail } from '@lianke/shared/flows/api';
import type { FlowNodeType } from '@lianke/shared/flows/definition';
import { ReactFlowProvider, useReactFlow } from '@xyflow/react';
import { Alert, App, Button, Drawer, Grid, Popover, Segmented, Space, Switch, Tooltip } from 'antd';
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router-dom';
import { messageOf } from '../../api/errors.js';
import type { FormView } from '../../api/queries.js';
import { DesignerHeader } from '../../shared/designer/designer-header.js';
import { usePersistent } from '../../shared/use-persistent.js';
import { insertSimply, SimpleEditor } from '../approval/simple-editor.js';
import { findFaults } from '../model/faults.js';
import {
  connect,
  disconnect,
  freshId,
  insertAt,
  nodeOf,
  portsAt,
  removeNode,
  replaceNode,
  type Slot,
  slotForClick,
  slotKey,
  triggerId,
} from '../model/graph.js';
import { nearestSlot } from '../model/layout.js';
import { newNode } from '../model/new-node.js';
import { useSpeaker } from '../model/use-speaker.js';
import { StepPanel } from '../panel/step-panel.js';
import { FlowCanvas } from './flow-canvas.js';
import { pictureOf } from './picture.js';
import { mayRemove, stepByKey } from './step-keys.js';
import { StepMenu } from './step-menu.js';
import { PaletteFace, StepPalette } from './step-palette.js';
import { TestDrawer } from './test-drawer.js';
import { useFlowActions } from './use-flow-actions.js';
import { useFlowDraft } from './use-flow-draft.js';
import { useWaiting } from './use-waiting.js';
import { VersionsDrawer } from './versions-drawer.js';

interface Props {
  flow: FlowDetail;
  forms: readonly FormView[];
}

/** The designer of one flow. */
export function FlowDesigner(props: Props) {
  return (
    <ReactFlowProvider>
      <Designer {...props} />
    </ReactFlowProvider>
  );
}

function Designer({ flow, forms }: Props) {
  const { t } = useTranslation('flows');
  const { message } = App.useApp();
  const navigate = useNavigate();
  const view = useReactFlow();
  const draft = useFlowDraft(flow);
  const actions = useFlowActions(flow);
  const { def, change, undo, redo } = draft;
  const speaker = useSpeaker(def, forms);
  const picture = useMemo(() => pictureOf(speaker), [speaker]);
  // On a phone the picture has the whole page: steps are added at its dots, and properties come up from below.
  const narrow = Grid.useBreakpoint().md === false;
  const [chosen, setSelected] = useState<string | null>();
  const selected = chosen === undefined ? (narrow ? undefined : triggerId) : (chosen ?? undefined);
  const { t: s } = useTranslation('simpleFlow');
  const [look, setLook] = usePersistent<'canvas' | 'simple'>('flow-view', 'canvas');
  const [menu, setMenu] = useState<{ slot: Slot; at: { x: number; y: number } }>();
  const [dragged, setDragged] = useState<FlowNodeType>();
  const [landing, setLanding] = useState<Slot>();
  const [testing, setTesting] = useState(false);
  const [comparing, setComparing] = useState(false);
  const counts = useWaiting(flow);
  const [listOpen, setListOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const select = useCallback((id: string | undefined) => setSelected(id ?? null), []);

  const own = useMemo(() => findFaults(speaker), [speaker]);
  const saved = draft.save.state.kind === 'saved';
  const faults = useMemo(() => {
    // The server judges what it has: its findings are true only while nothing is unsaved.
    const all = own.length > 0 || !saved ? own : flow.faults;
    const byNode = new Map<string, string[]>();
    for (const fault of all) {
      // A flow that has just begun is not wrong yet; publishing still says it.
      if (fault.message === t('fault.noSteps')) continue;
      const list = byNode.get(fault.node) ?? [];
      if (!list.includes(fault.message)) list.push(fault.message);
      byNode.set(fault.node, list);
    }
    return byNode;
  }, [own, saved, flow.faults, t]);
  const faultCount = [...faults.values()].reduce((sum, list) => sum + list.length, 0);

  const add = useCallback(
    (type: FlowNodeType, slot: Slot) => {
      const node = newNode(def, type, slot, forms, { title: flow.name });
      change((old) => (look === 'simple' ? insertSimply(old, slot, node) : insertAt(old, slot, node)));
      setSelected(node.id);
      setMenu(undefined);
    },
    [def, forms, flow.name, change, look],
  );

  const remove = useCallback(
    (id: string) => {
      if (!mayRemove(id)) return;
      const before = def.edges.find((edge) => edge.to === id)?.from;
      const next = removeNode(def, id);
      change(() => next);
      setSelected(narrow ? null : (before ?? triggerId));
      message.info({
        content: (
          <Space>
            {t('design.removedNodes', { count: def.nodes.length - next.nodes.length })}
            <Button type="link" size="small" onClick={undo}>
              {t('design.undo')}
            </Button>
          </Space>
        ),
      });
    },
    [def, change, undo, message, t, narrow],
  );

  const copy = (id: string) => {
    const node = nodeOf(def, id);
    const port = portsAt(def, id)[0];
    if (!node) return;
    const twin = { ...node, id: freshId(def) };
    const slot = port === undefined ? slotForClick(def, undefined) : { from: id, port };
    change((old) => insertAt(old, slot, twin));
    setSelected(twin.id);
  };

  const edit = useMemo(
    () => ({
      activeSlot: landing ? slotKey(landing) : menu ? slotKey(menu.slot) : undefined,
      onAdd: (slot: Slot, anchor: HTMLElement) => {
        const box = anchor.getBoundingClientRect();
        setMenu({ slot, at: { x: box.left + box.width / 2, y: box.bottom + 4 } });
      },
      onCut: (slot: Slot) => change((old) => disconnect(old, slot)),
      onConnect: (slot: Slot, to: string) => change((old) => connect(old, slot, to)),
      onPulled: (slot: Slot, at: { x: number; y: number }) => setMenu({ slot, at }),
      onKey: (id: string, event: KeyboardEvent) => {
        if (event.key === 'Delete' || event.key === 'Backspace') {
          event.preventDefault();
          remove(id);
          return;
        }
        const next = stepByKey(def, id, event.key);
        if (next === undefined) return;
        event.preventDefault();
        setSelected(next);
        root.current?.querySelector<HTMLElement>(`[data-step="${next}"]`)?.focus();
      },
    }),
    [landing, menu, change, remove, def],
  );

  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.closest('input, textarea, [contenteditable]');
      if (event.key === 'Escape' && !typing) setMenu(undefined);
      if (!(event.ctrlKey || event.metaKey)) return;
      const key = event.key.toLowerCase();
      // Everything is saved by itself; the browser's own dialog would only puzzle.
      if (key === 's') event.preventDefault();
      if (typing || (key !== 'z' && key !== 'y')) return;
      event.preventDefault();
      if (key === 'y' || event.shiftKey) redo();
      else undo();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [undo, redo]);

  const publish = async () => {
    if (def.nodes.length === 0) {
      message.warning(t('fault.noSteps'));
      return;
    }
    if (faultCount > 0) {
      setListOpen(true);
      message.warning(t('design.faultsBlock', { count: faultCount }));
      return;
    }
    try {
      await draft.save.flush();
      await actions.publish();
    } catch (error) {
      message.error(messageOf(error));
    }
  };

  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 5 } }));
  const slotAt = (client: { x: number; y: number }): Slot | undefined => {
    const box = root.current?.querySelector('.flow-canvas')?.getBoundingClientRect();
    const inside = box && client.x > box.left && client.x < box.right && client.y > box.top && client.y < box.bottom;
    return inside ? nearestSlot(picture.layout, view.screenToFlowPosition(client)) : undefined;
  };

  const panel = (
    <StepPanel
      id={selected}
      speaker={speaker}
      faults={faults.get(selected ?? '') ?? []}
      onTrigger={(trigger, merge) => change((old) => ({ ...old, trigger }), merge)}
      onApproval={(approval) => change((old) => ({ ...old, approval }), 'approval')}
      onRunAs={(runAs) => change(({ runAs: _, ...old }) => (runAs ? { ...old, runAs } : old))}
      onNode={(node, merge) => change((old) => replaceNode(old, node), merge)}
      onRemove={remove}
      onCopy={copy}
    />
  );
  return (
    <div className="designer flow-designer" ref={root}>
      <DesignerHeader
        name={flow.name}
        onRename={(name) => void actions.rename(name)}
        onBack={() => void navigate(`/apps/${flow.appId}/forms/${flow.formId}/manage/flows`)}
        backLabel={t('design.back')}
        save={draft.save}
        canUndo={draft.history.past.length > 0}
        canRedo={draft.history.future.length > 0}
        onUndo={undo}
        onRedo={redo}
        meta={
          <span className="tint tint-gray">
            {flow.publishedVersion === null
              ? t('design.notPublished')
              : t('design.versionOf', { version: flow.publishedVersion })}
          </span>
        }
        actions={
          <>
            <Segmented<'canvas' | 'simple'>
              aria-label={s('view')}
              value={look}
              onChange={setLook}
              options={(['simple', 'canvas'] as const).map((value) => ({ value, label: s(value) }))}
            />
            {faultCount > 0 && (
              <Popover
                open={listOpen}
                onOpenChange={setListOpen}
                trigger="click"
                placement="bottomRight"
                content={
                  <ul className="fault-list">
                    {[...faults].map(([id, list]) =>
                      list.map((fault) => (
                        <li key={id + fault}>
                          <button
                            type="button"
                            onClick={() => {
                              setSelected(id);
                              setListOpen(false);
                            }}
                          >
                            <b>{picture.cards.get(id)?.name ?? id}</b> {fault}
                          </button>
                        </li>
                      )),
                    )}
                  </ul>
                }
              >
                <Button type="text" danger>
                  {t('design.faults', { count: faultCount })}
                </Button>
              </Popover>
            )}
            <Button type="text" onClick={() => void navigate(`/apps/${flow.appId}/flows/${flow.id}/runs`)}>
              {t('design.runs')}
            </Button>
            {flow.publishedVersion !== null && (
              <Button type="text" onClick={() => setComparing(true)}>
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
            <Button onClick={() => setTesting(true)}>{t('design.test')}</Button>
            <Button type="primary" loading={actions.busy} onClick={() => void publish()}>
              {t('design.publish')}
            </Button>
          </>
        }
      />
      {flow.paused && !flow.enabled && <Alert banner type="warning" title={flow.paused} />}
      {draft.restored && (
        <Alert
          banner
          closable
          type="info"
          title={t('design.restored')}
          action={
            <Button size="small" onClick={draft.discard}>
              {t('design.discard')}
            </Button>
          }
        />
      )}
      <DndContext
        sensors={sensors}
        onDragStart={({ active }) => setDragged(active.data.current?.type as FlowNodeType)}
        onDragMove={({ activatorEvent, delta }) => {
          const start = activatorEvent as PointerEvent;
          setLanding((old) => {
            const next = slotAt({ x: start.clientX + delta.x, y: start.clientY + delta.y });
            return old && next && slotKey(old) === slotKey(next) ? old : next;
          });
        }}
        onDragEnd={() => {
          if (dragged && landing) add(dragged, landing);
          setDragged(undefined);
          setLanding(undefined);
        }}
        onDragCancel={() => {
          setDragged(undefined);
          setLanding(undefined);
        }}
      >
        <div className="designer-body">
          {!narrow && <StepPalette onPick={(type) => add(type, slotForClick(def, selected))} />}
          <div className="designer-canvas">
            {look === 'simple' ? (
              <SimpleEditor speaker={speaker} selected={selected} onSelect={select} faults={faults} onAdd={add} />
            ) : (
              <FlowCanvas
                speaker={speaker}
                picture={picture}
                selected={selected}
                onSelect={select}
                faults={faults}
                counts={counts}
                edit={edit}
              />
            )}
          </div>
          {!narrow && panel}
        </div>
        <DragOverlay dropAnimation={null}>
          {dragged && (
            <div className="palette-item dragging">
              <PaletteFace type={dragged} />
            </div>
          )}
        </DragOverlay>
      </DndContext>
      {narrow && (
        <Drawer
          open={selected !== undefined}
          onClose={() => setSelected(null)}
          placement="bottom"
          size="72vh"
          title={t('design.properties')}
          mask={false}
          styles={{ body: { padding: 0 } }}
          className="flow-panel-drawer"
        >
          {panel}
        </Drawer>
      )}
      <StepMenu
        at={menu?.at}
        onPick={(type) => {
          if (menu) add(type, menu.slot);
        }}
        onClose={() => setMenu(undefined)}
      />
      {comparing && (
        <VersionsDrawer
          flow={flow}
          forms={forms}
          draft={def}
          onClose={() => setComparing(false)}
          onRestored={(detail) => change(() => detail.definition)}
        />
      )}
      <TestDrawer
        open={testing}
        onClose={() => setTesting(false)}
        flow={flow}
        speaker={speaker}
        blocked={own.length > 0}
        save={draft.save}
        onSelect={setSelected}
      />
    </div>
  );
}
