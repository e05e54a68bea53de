import type { FlowDetail } from '@lianke/shared/flows/api';
import type { FlowNodeType } from '@lianke/shared/flows/definition';
import { ReactFlowProvider, useReactFlow } from '@xyflow/react';
import { Alert, App, Button, Drawer, Grid, Space } from 'antd';
import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FormView } from '../../api/queries.js';
import { useDesignerKeys } from '../../shared/designer/use-designer-keys.js';
import { usePersistent } from '../../shared/use-persistent.js';
import { insertSimply, SimpleEditor } from '../approval/simple-editor.js';
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
import { FlowHeader, type FlowLook } from './flow-header.js';
import { pictureOf } from './picture.js';
import { StepDrag } from './step-drag.js';
import { mayRemove, stepByKey } from './step-keys.js';
import { StepMenu } from './step-menu.js';
import { StepPalette } from './step-palette.js';
import { TestDrawer } from './test-drawer.js';
import { useFlowDraft } from './use-flow-draft.js';
import { useFlowFaults } from './use-flow-faults.js';
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
  const view = useReactFlow();
  const draft = useFlowDraft(flow);
  const { def, change, undo, redo } = draft;
  const speaker = useSpeaker(def, forms);
  const picture = useMemo(() => pictureOf(speaker), [speaker]);
  // On a phone the picture has the whole page: steps are added at its dots, and properties come up from below.
  const narrow = Grid.useBreakpoint().md === false;
  const [chosen, setSelected] = useState<string | null>();
  const selected = chosen === undefined ? (narrow ? undefined : triggerId) : (chosen ?? undefined);
  const [look, setLook] = usePersistent<FlowLook>('flow-view', 'canvas');
  const [menu, setMenu] = useState<{ slot: Slot; at: { x: number; y: number } }>();
  const [landing, setLanding] = useState<Slot>();
  const [testing, setTesting] = useState(false);
  const [comparing, setComparing] = useState(false);
  const counts = useWaiting(flow);
  const root = useRef<HTMLDivElement>(null);
  const select = useCallback((id: string | undefined) => setSelected(id ?? null), []);

  const { byNode: faults, ...found } = useFlowFaults(flow, speaker, draft.save.state.kind === 'saved');

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

  useDesignerKeys({ undo, redo, onEscape: useCallback(() => setMenu(undefined), []) });

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
      <FlowHeader
        flow={flow}
        draft={draft}
        faults={{ byNode: faults, ...found }}
        look={look}
        onLook={setLook}
        nameOf={(id) => picture.cards.get(id)?.name ?? id}
        onSelect={setSelected}
        onCompare={() => setComparing(true)}
        onTest={() => setTesting(true)}
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
      <StepDrag landing={landing} onLanding={setLanding} slotAt={slotAt} onDrop={add}>
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
      </StepDrag>
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
        blocked={found.blocked}
        save={draft.save}
        onSelect={setSelected}
      />
    </div>
  );
}
