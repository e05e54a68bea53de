import type { DashboardDraft, DashboardView, WidgetType } from '@lianke/shared/dashboards/definition';
import { App, Button, Modal, Space } from 'antd';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router-dom';
import { isCode, messageOf } from '../../api/errors.js';
import { type FormView, useRenewApp } from '../../api/queries.js';
import { DesignerHeader } from '../../shared/designer/designer-header.js';
import { useDesignerKeys } from '../../shared/designer/use-designer-keys.js';
import { EmptyState } from '../../shared/empty-state.js';
import { DraftTag } from '../draft-tag.js';
import { FilterPanel } from '../filters/filter-panel.js';
import { type layoutOf, type Place, withLayout } from '../model/grid.js';
import {
  addWidget,
  copyWidget,
  freshWidgetId,
  newWidget,
  nudge,
  removeWidget,
  replaceWidget,
} from '../model/widgets.js';
import { titleOf } from '../widgets/widget-words.js';
import { ComponentPalette } from './component-palette.js';
import { PageCanvas } from './page-canvas.js';
import { PagePreview } from './page-preview.js';
import { usePageDraft } from './use-page-draft.js';
import { usePreviews } from './use-previews.js';
import { WidgetPanel } from './widget-panel.js';

interface Props {
  page: DashboardView;
  start: DashboardDraft;
  forms: readonly FormView[];
}

/** The designer of a 自定义页面. */
export function PageDesigner({ page, start, forms }: Props) {
  const { t } = useTranslation('dashboards');
  const { message } = App.useApp();
  const navigate = useNavigate();
  const renew = useRenewApp();
  const [search] = useSearchParams();
  const draft = usePageDraft(page, start);
  const { def, change, undo, redo } = draft;
  const previews = usePreviews(def.widgets);
  const [selected, setSelected] = useState<string | undefined>(search.get('widget') ?? undefined);
  const [dragged, setDragged] = useState<WidgetType>();
  const [previewed, setPreviewed] = useState(false);
  const [publishing, setPublishing] = useState(false);
  const viewPath = `/apps/${page.appId}/dashboards/${page.id}`;
  const firstForm = forms.find((form) => !form.settings.task) ?? forms[0];

  const add = (type: WidgetType) => {
    if (!firstForm) return;
    const made = addWidget(def, type, firstForm);
    change(() => made.def);
    setSelected(made.id);
  };
  const drop = (type: WidgetType, place: Place, layout: ReturnType<typeof layoutOf>) => {
    setDragged(undefined);
    if (!firstForm) return;
    const id = freshWidgetId(def);
    // The grid has already made room for the place; only the component itself is missing there.
    change((old) => {
      const moved = withLayout(old, layout);
      return { ...moved, widgets: [...moved.widgets, newWidget(type, firstForm, id, place)] };
    });
    setSelected(id);
  };
  const remove = useCallback(
    (id: string) => {
      const widget = def.widgets.find((item) => item.id === id);
      if (!widget) return;
      const form = forms.find((item) => item.id === widget.formId);
      change((old) => removeWidget(old, id));
      setSelected(undefined);
      message.info({
        content: (
          <Space>
            {t('designer.removed', { title: titleOf(t, widget, form, form?.fields ?? []) })}
            <Button type="link" size="small" onClick={undo}>
              {t('designer.undo')}
            </Button>
          </Space>
        ),
      });
    },
    [def, forms, change, undo, message, t],
  );

  useDesignerKeys({ undo, redo, onEscape: useCallback(() => setSelected(undefined), []) });

  /** A refusal is told; that somebody came in between, the dialog below tells. */
  const attempt = async (how: () => Promise<void>) => {
    try {
      await how();
    } catch (error) {
      if (!isCode(error, 'version_conflict')) message.error(messageOf(error));
    }
  };
  const back = () =>
    attempt(async () => {
      await draft.save.flush();
      void navigate(viewPath);
    });
  const preview = () =>
    attempt(async () => {
      await draft.save.flush();
      setPreviewed(true);
    });
  const publish = () =>
    attempt(async () => {
      setPublishing(true);
      try {
        if (!(await draft.publish())) return;
        await renew();
        message.success(t('designer.published'));
        void navigate(viewPath);
      } finally {
        setPublishing(false);
      }
    });
  const rename = (name: string) =>
    attempt(async () => {
      await draft.rename(name);
      await renew();
    });
  const discard = () =>
    attempt(async () => {
      await draft.discard();
      setSelected(undefined);
      message.info({
        content: (
          <Space>
            {t('designer.discarded')}
            <Button type="link" size="small" onClick={undo}>
              {t('designer.undo')}
            </Button>
          </Space>
        ),
      });
    });

  return (
    <div className="designer">
      <DesignerHeader
        name={page.name}
        onRename={(name) => void rename(name)}
        meta={<DraftTag published={page.published} pending={draft.pending} />}
        onBack={() => void back()}
        backLabel={t('designer.back')}
        save={draft.save}
        canUndo={draft.history.past.length > 0}
        canRedo={draft.history.future.length > 0}
        onUndo={undo}
        onRedo={redo}
        actions={
          <>
            {page.published && draft.pending && <Button onClick={() => void discard()}>{t('designer.discard')}</Button>}
            <Button onClick={() => void preview()}>{t('designer.preview')}</Button>
            <Button
              type="primary"
              loading={publishing}
              disabled={page.published && !draft.pending}
              onClick={() => void publish()}
            >
              {t('designer.publish')}
            </Button>
          </>
        }
      />
      <div className="designer-body">
        <ComponentPalette onPick={add} onDrag={setDragged} />
        <div className="designer-canvas">
          {firstForm ? (
            <PageCanvas
              appId={page.appId}
              def={def}
              forms={forms}
              previews={previews}
              selected={selected}
              dragged={dragged}
              onSelect={setSelected}
              onLayout={(layout) => change((old) => withLayout(old, layout))}
              onDrop={drop}
              onNudge={(id, by) => change((old) => nudge(old, id, by), `nudge:${id}`)}
              onCopy={(id) => {
                const twin = copyWidget(def, id);
                change(() => twin.def);
                setSelected(twin.id);
              }}
              onRemove={remove}
            />
          ) : (
            <EmptyState title={t('designer.noForms')} hint={t('designer.noFormsHint')} />
          )}
        </div>
        <WidgetPanel
          widget={def.widgets.find((widget) => widget.id === selected)}
          forms={forms}
          onChange={(widget, merge) => change((old) => replaceWidget(old, widget), merge)}
          onRemove={remove}
          page={
            <FilterPanel
              def={def}
              forms={forms}
              onChange={(filters, merge) => change((old) => ({ ...old, filters }), merge)}
            />
          }
        />
      </div>
      <Modal
        open={draft.conflict !== undefined}
        title={t('designer.conflictAnon')}
        closable={false}
        footer={[
          <Button key="theirs" onClick={() => void attempt(draft.useTheirs)}>
            {t('designer.useTheirs')}
          </Button>,
          <Button key="mine" type="primary" onClick={() => void attempt(draft.useMine)}>
            {t('designer.useMine')}
          </Button>,
        ]}
      >
        {t(draft.conflict === 'published' ? 'designer.conflictPublished' : 'designer.conflictHint')}
      </Modal>
      {previewed && (
        <PagePreview
          page={page}
          def={def}
          revision={draft.revision}
          forms={forms}
          onClose={() => setPreviewed(false)}
        />
      )}
    </div>
  );
}
