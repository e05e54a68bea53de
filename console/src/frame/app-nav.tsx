import {
  BarChartOutlined,
  CaretDownOutlined,
  CaretRightOutlined,
  EllipsisOutlined,
  SettingOutlined,
  TableOutlined,
} from '@ant-design/icons';
import type { AppId } from '@lianke/shared/ids';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Dropdown, type MenuProps } from 'antd';
import { type DragEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router-dom';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { type AppView, keys } from '../api/queries.js';
import { NameDialog } from '../shared/name-dialog.js';
import { usePersistent } from '../shared/use-persistent.js';
import styles from './frame.module.css';
import { NavEntry } from './nav-entry.js';
import { groupItems, intoGroup, movedBy, movedTo, type NavItem, renamedGroup } from './nav-order.js';

/** Order and groups for everybody: shown at once, put back when refused. */
function useArrange(app: AppView): (items: NavItem[]) => Promise<void> {
  const { message } = App.useApp();
  const client = useQueryClient();
  return async (items) => {
    const show = (next: NavItem[]) =>
      client.setQueryData<AppView[]>(keys.apps, (apps) =>
        apps?.map((each) => (each.id === app.id ? { ...each, items: next } : each)),
      );
    show(items);
    try {
      const body = { items: items.map(({ kind, id, group }) => ({ kind, id, group })) };
      await api('apps.arrange', { params: { appId: app.id as AppId }, body });
    } catch (error) {
      show(app.items);
      message.error(messageOf(error));
    }
    await client.invalidateQueries({ queryKey: keys.apps });
  };
}

type Naming = { kind: 'group'; from: string } | { kind: 'item'; id: string };

/** Where a dragged item would land. */
interface Landing {
  id: string;
  side: 'before' | 'after';
}

function pathOf(appId: string, item: NavItem): string {
  return `/apps/${appId}/${item.kind === 'form' ? 'forms' : 'dashboards'}/${item.id}`;
}

/** The open app's forms and pages. Whoever designs it drags them into order and groups, or does so by their menus. */
export function AppNav({ app }: { app: AppView }) {
  const { t } = useTranslation('frame');
  const navigate = useNavigate();
  const arrange = useArrange(app);
  const [closed, setClosed] = usePersistent<readonly string[]>(`nav.closed.${app.id}`, []);
  const [naming, setNaming] = useState<Naming>();
  const [dragged, setDragged] = useState<string>();
  const [landing, setLanding] = useState<Landing>();
  const groups = groupItems(app.items);
  const names = [...new Set(app.items.flatMap((item) => item.group ?? []))];

  function landingOf(event: DragEvent<HTMLElement>, id: string) {
    if (!dragged || dragged === id) return;
    event.preventDefault();
    const box = event.currentTarget.getBoundingClientRect();
    setLanding({ id, side: event.clientY < box.top + box.height / 2 ? 'before' : 'after' });
  }

  function drop(event: DragEvent) {
    event.preventDefault();
    if (dragged && landing) void arrange(movedTo(app.items, dragged, landing.id, landing.side));
    setDragged(undefined);
    setLanding(undefined);
  }

  const menuOf = (item: NavItem): MenuProps => ({
    items: [
      { key: 'up', label: t('moveUp') },
      { key: 'down', label: t('moveDown') },
      { type: 'divider' },
      ...names
        .filter((name) => name !== item.group)
        .map((name) => ({ key: `to:${name}`, label: t('toGroup', { name }) })),
      { key: 'new', label: t('newGroup') },
      ...(item.group === null ? [] : [{ key: 'out', label: t('outOfGroup') }]),
    ],
    onClick: ({ key }) => {
      if (key === 'up' || key === 'down') void arrange(movedBy(app.items, item.id, key === 'up' ? -1 : 1));
      else if (key === 'new') setNaming({ kind: 'item', id: item.id });
      else void arrange(intoGroup(app.items, item.id, key === 'out' ? null : key.slice('to:'.length)));
    },
  });

  const groupMenu = (group: string): MenuProps => ({
    items: [
      { key: 'rename', label: t('renameGroup') },
      { key: 'dissolve', label: t('dissolveGroup') },
    ],
    onClick: ({ key }) => {
      if (key === 'rename') setNaming({ kind: 'group', from: group });
      else void arrange(renamedGroup(app.items, group, null));
    },
  });

  const entry = (item: NavItem) => {
    const path = pathOf(app.id, item);
    const form = item.kind === 'form';
    const manage = t(form ? 'manageForm' : 'editPage', { name: item.name });
    const side = landing?.id === item.id ? landing.side : undefined;
    const icon = form ? <TableOutlined /> : <BarChartOutlined />;
    if (!app.mayDesign) return <NavEntry key={item.id} to={path} icon={icon} name={item.name} />;
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: the entry's menu moves it by keyboard
      <div
        key={item.id}
        draggable
        className={side ? styles[side === 'before' ? 'landBefore' : 'landAfter'] : undefined}
        style={dragged === item.id ? { opacity: 0.5 } : undefined}
        onDragStart={(event) => {
          event.dataTransfer.effectAllowed = 'move';
          event.dataTransfer.setData('text/plain', item.name);
          setDragged(item.id);
        }}
        onDragEnd={() => {
          setDragged(undefined);
          setLanding(undefined);
        }}
        onDragOver={(event) => landingOf(event, item.id)}
        onDrop={drop}
      >
        <NavEntry
          to={path}
          icon={icon}
          name={item.name}
          tools={
            <>
              <Dropdown trigger={['click']} menu={menuOf(item)}>
                <Button
                  type="text"
                  size="small"
                  icon={<EllipsisOutlined />}
                  aria-label={t('arrangeItem', { name: item.name })}
                  title={t('arrange')}
                />
              </Dropdown>
              <Button
                type="text"
                size="small"
                icon={<SettingOutlined />}
                aria-label={manage}
                title={manage}
                onClick={() => navigate(form ? `${path}/manage/design` : `${path}/design`)}
              />
            </>
          }
        />
      </div>
    );
  };

  return (
    <>
      {app.items.length === 0 && (
        <div style={{ padding: 12 }} className="muted">
          {t('emptyApp')}
        </div>
      )}
      {groups.map(({ group, items }) => {
        const hidden = group !== null && closed.includes(group);
        return (
          <div key={`${group}/${items[0]?.id}`}>
            {group !== null && (
              <div className={styles.groupLine}>
                <button
                  type="button"
                  className={styles.group}
                  aria-expanded={!hidden}
                  onClick={() => setClosed(hidden ? closed.filter((name) => name !== group) : [...closed, group])}
                >
                  {hidden ? <CaretRightOutlined /> : <CaretDownOutlined />}
                  {group}
                </button>
                {app.mayDesign && (
                  <Dropdown trigger={['click']} menu={groupMenu(group)}>
                    <Button
                      className={styles.itemTools ?? ''}
                      type="text"
                      size="small"
                      icon={<EllipsisOutlined />}
                      aria-label={t('groupMenu', { name: group })}
                    />
                  </Dropdown>
                )}
              </div>
            )}
            {!hidden && items.map(entry)}
          </div>
        );
      })}
      <NameDialog
        open={naming !== undefined}
        title={naming?.kind === 'group' ? t('renameGroup') : t('newGroup')}
        label={t('groupName')}
        initial={naming?.kind === 'group' ? naming.from : ''}
        onCancel={() => setNaming(undefined)}
        onSubmit={async (name) => {
          if (naming?.kind === 'group') await arrange(renamedGroup(app.items, naming.from, name));
          else if (naming) await arrange(intoGroup(app.items, naming.id, name));
          setNaming(undefined);
        }}
      />
    </>
  );
}
