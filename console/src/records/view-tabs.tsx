import { DownOutlined, EllipsisOutlined, LockOutlined } from '@ant-design/icons';
import { lookRules, type SavedView, type ViewLook, type ViewType } from '@lianke/shared/forms/views';
import type { FormId, ViewId } from '@lianke/shared/ids';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Dropdown, type MenuProps } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { keys } from '../api/queries.js';
import { PoolTab } from '../pools/pool-tab.js';
import { NameDialog } from '../shared/name-dialog.js';
import type { RowHeight } from './grid-tools.js';
import styles from './records.module.css';
import { allView, type Grid } from './use-grid.js';
import { useStrip } from './use-strip.js';
import { NewView, ViewIcon } from './views/new-view.js';
import { ViewBin } from './views/view-bin.js';
import { ViewSettings } from './views/view-settings.js';

function useViewActions(grid: Grid, rowHeight: RowHeight | undefined) {
  const { t } = useTranslation('records');
  const { message } = App.useApp();
  const client = useQueryClient();
  const formId = grid.form.id as FormId;
  const renew = () => client.invalidateQueries({ queryKey: keys.views(formId) });
  const definition = () => ({
    filter: grid.filter ?? { and: [] },
    sort: [...grid.sort],
    columns: grid.columns.map((column) => column.field.id as string),
    look: {
      ...grid.view?.look,
      ...(grid.groups.length > 0 || grid.view?.look.groups ? { groups: [...grid.groups] } : {}),
      ...(grid.choice.widths ? { widths: { ...grid.view?.look.widths, ...grid.choice.widths } } : {}),
      ...(rowHeight ? { rowHeight } : {}),
      ...(grid.choice.frozen ? { frozen: grid.choice.frozen } : {}),
    },
  });

  async function attempt(work: () => Promise<unknown>, done?: string): Promise<void> {
    try {
      await work();
      await renew();
      if (done) message.success(done);
    } catch (error) {
      message.error(messageOf(error));
    }
  }

  return {
    async create(name: string, more: { type?: ViewType; look?: ViewLook } = {}) {
      const body = { name, ...definition(), ...more, shared: false };
      const view = await api('views.create', { params: { formId }, body });
      await renew();
      grid.reset();
      grid.chooseView(view.id);
    },
    save: (view: SavedView) =>
      attempt(async () => {
        await api('views.update', { params: { formId, viewId: view.id }, body: definition() });
        grid.reset();
        grid.setChoice({});
      }, t('viewSaved')),
    async rename(view: SavedView, name: string) {
      await api('views.update', { params: { formId, viewId: view.id }, body: { name } });
      await renew();
    },
    share: (view: SavedView) =>
      attempt(
        () => api('views.update', { params: { formId, viewId: view.id }, body: { shared: !view.shared } }),
        t(view.shared ? 'viewPrivate' : 'viewShared'),
      ),
    lock: (view: SavedView) =>
      attempt(() => api('views.update', { params: { formId, viewId: view.id }, body: { locked: !view.locked } })),
    remove: (view: SavedView) =>
      attempt(async () => {
        await api('views.delete', { params: { formId, viewId: view.id as ViewId } });
        if (grid.view?.id === view.id) grid.chooseView(null);
        const key = `view-${view.id}`;
        const again = () =>
          attempt(async () => {
            message.destroy(key);
            const viewId = view.id as ViewId;
            await api('views.restore', { params: { formId, viewId } });
            grid.chooseView(viewId);
          });
        message.open({
          key,
          type: 'success',
          duration: 8,
          content: (
            <>
              {t('viewDeleted', { name: view.name })}
              <Button type="link" size="small" onClick={() => void again()}>
                {t('common:undo')}
              </Button>
            </>
          ),
        });
      }),
  };
}

/** Saved views as tabs; the open one's menu renames and deletes it, changes are saved into it or as a new one. */
export function ViewTabs({ grid, rowHeight }: { grid: Grid; rowHeight: RowHeight | undefined }) {
  const { t } = useTranslation('records');
  const actions = useViewActions(grid, rowHeight);
  const [naming, setNaming] = useState<'new' | SavedView>();
  const [setting, setSetting] = useState<SavedView>();
  const mayChange = (view: SavedView) => view.mine || grid.form.actions.includes('design');
  const menu = (view: SavedView): MenuProps => ({
    items: [
      { key: 'rename', label: t('renameView'), disabled: view.locked },
      ...(lookRules[view.type].length > 0
        ? [{ key: 'settings', label: t('viewSettings'), disabled: view.locked }]
        : []),
      { key: 'share', label: t(view.shared ? 'keepPrivate' : 'shareView'), disabled: view.locked },
      { key: 'lock', label: t(view.locked ? 'unlockView' : 'lockView') },
      { key: 'delete', label: t('deleteView'), danger: true, disabled: view.locked },
    ],
    onClick: ({ key }) => {
      if (key === 'rename') setNaming(view);
      else if (key === 'settings') setSetting(view);
      else if (key === 'share') void actions.share(view);
      else if (key === 'lock') void actions.lock(view);
      else void actions.remove(view);
    },
  });
  const tab = (active: boolean) => (active ? `${styles.tab} ${styles.tabActive}` : `${styles.tab}`);
  const columnsChanged = Object.values(grid.choice).some((part) => part !== undefined);
  const heightChanged =
    rowHeight !== undefined && grid.view !== undefined && rowHeight !== (grid.view.look.rowHeight ?? 'small');
  const { ref: strip, cut } = useStrip(grid.view?.id);
  return (
    <div className={styles.tabs}>
      <div ref={strip} className={styles.strip} role="tablist" aria-label={t('views')}>
        <button
          type="button"
          role="tab"
          aria-selected={!grid.view}
          className={tab(!grid.view)}
          onClick={() => grid.chooseView(null)}
        >
          {t('all')}
        </button>
        {grid.views.map((view) => {
          const active = grid.view?.id === view.id;
          return (
            <span key={view.id} className={styles.viewTab}>
              <button
                type="button"
                role="tab"
                aria-selected={active}
                className={tab(active)}
                onClick={() => grid.chooseView(view.id)}
              >
                <ViewIcon type={view.type} />
                {view.name}
                {view.locked && <LockOutlined style={{ marginLeft: 4, fontSize: 11 }} aria-label={t('viewLocked')} />}
              </button>
              {active && mayChange(view) && (
                <Dropdown trigger={['click']} menu={menu(view)}>
                  <Button
                    type="text"
                    size="small"
                    icon={<DownOutlined style={{ fontSize: 10 }} />}
                    aria-label={t('viewMenu', { name: view.name })}
                  />
                </Dropdown>
              )}
            </span>
          );
        })}
        <PoolTab form={grid.form} className={tab(false)} />
      </div>
      {cut && (
        <Dropdown
          trigger={['click']}
          menu={{
            items: [
              { key: allView, label: t('all') },
              ...grid.views.map((view) => ({ key: view.id, label: view.name, icon: <ViewIcon type={view.type} /> })),
            ],
            selectedKeys: [grid.view?.id ?? allView],
            className: styles.allViews ?? '',
            onClick: ({ key }) => grid.chooseView(key === allView ? null : key),
          }}
        >
          <Button
            type="text"
            size="small"
            icon={<EllipsisOutlined />}
            aria-label={t('allViews')}
            title={t('allViews')}
          />
        </Dropdown>
      )}
      <NewView form={grid.form} onCreate={({ name, ...more }) => actions.create(name, more)} />
      <ViewBin formId={grid.form.id as FormId} onRestored={grid.chooseView} />
      {(grid.dirty || columnsChanged || heightChanged) && (
        <span className={styles.tabChanges}>
          {grid.view && mayChange(grid.view) && !grid.view.locked && (
            <Button size="small" type="link" onClick={() => grid.view && void actions.save(grid.view)}>
              {t('saveView')}
            </Button>
          )}
          <Button size="small" type="link" onClick={() => setNaming('new')}>
            {t('newView')}
          </Button>
          {grid.dirty && (
            <Button size="small" type="text" onClick={grid.reset}>
              {t('resetView')}
            </Button>
          )}
        </span>
      )}
      {setting && <ViewSettings form={grid.form} view={setting} onClose={() => setSetting(undefined)} />}
      <NameDialog
        open={naming !== undefined}
        title={naming === 'new' ? t('newView') : t('renameView')}
        label={t('viewName')}
        placeholder={t('viewNameHint')}
        initial={naming && naming !== 'new' ? naming.name : ''}
        onCancel={() => setNaming(undefined)}
        onSubmit={async (name) => {
          if (naming === 'new') await actions.create(name);
          else if (naming) await actions.rename(naming, name);
          setNaming(undefined);
        }}
      />
    </div>
  );
}
