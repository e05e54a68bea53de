import { MoreOutlined, PlusOutlined, TeamOutlined } from '@ant-design/icons';
import type { DepartmentId } from '@lianke/shared/ids';
import type { DepartmentView } from '@lianke/shared/org/api';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Dropdown, Modal, Skeleton, Tree, type TreeDataNode } from 'antd';
import { useMemo, useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { keys, useDepartments, useMembers } from '../../api/queries.js';
import { DepartmentPicker } from '../../shared/department-picker.js';
import { NameDialog } from '../../shared/name-dialog.js';
import { Named } from '../../shared/named.js';
import styles from '../admin.module.css';
import { useText } from '../i18n.js';

type Asking =
  | { kind: 'add'; parent: DepartmentView | null }
  | { kind: 'rename'; department: DepartmentView }
  | { kind: 'move'; department: DepartmentView };

/** Departments of a company whose tree begins with every branch open; a larger one begins with its first level. */
const openedWhole = 200;

function every(nodes: readonly TreeDataNode[] = []): TreeDataNode[] {
  return nodes.flatMap((node) => [node, ...every(node.children)]);
}

interface Props {
  selected: string | null;
  onSelect: (id: string | null) => void;
}

/** Departments on the left of the members: choosing one shows its people and those below. */
export function DepartmentTree({ selected, onSelect }: Props) {
  const text = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const departments = useDepartments();
  const members = useMembers();
  const [asking, setAsking] = useState<Asking | null>(null);

  const renew = () => client.invalidateQueries({ queryKey: keys.departments });
  const remove = async (department: DepartmentView) => {
    try {
      await api('departments.delete', { params: { departmentId: department.id } });
      if (selected === department.id) onSelect(null);
      await renew();
      message.success(text('departmentDeleted', { name: department.name }));
    } catch (error) {
      message.error(messageOf(error));
    }
  };

  const tree = useMemo(() => {
    const list = departments.data ?? [];
    const known = new Set<string>(list.map((item) => item.id));
    const children = new Map<DepartmentId | null, DepartmentView[]>();
    for (const item of list) {
      const parent = item.parentId && known.has(item.parentId) ? item.parentId : null;
      children.set(parent, [...(children.get(parent) ?? []), item]);
    }
    const below = (parent: DepartmentId | null): TreeDataNode[] =>
      (children.get(parent) ?? []).map((item) => ({ key: item.id, title: item.name, children: below(item.id) }));
    return below(null);
  }, [departments.data]);
  const byId = new Map((departments.data ?? []).map((item) => [item.id as string, item]));
  const present = (members.data ?? []).filter((member) => member.state !== 'left').length;

  const menuOf = (department: DepartmentView) => (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'add', label: text('addBelow') },
          { key: 'rename', label: text('renameDepartment') },
          { key: 'move', label: text('moveDepartment') },
          { key: 'delete', label: text('deleteDepartment'), danger: true },
        ],
        onClick: ({ key, domEvent }) => {
          domEvent.stopPropagation();
          if (key === 'add') setAsking({ kind: 'add', parent: department });
          else if (key === 'rename') setAsking({ kind: 'rename', department });
          else if (key === 'move') setAsking({ kind: 'move', department });
          else void remove(department);
        },
      }}
    >
      <Button
        type="text"
        size="small"
        icon={<MoreOutlined />}
        className={styles.treeMenu ?? ''}
        aria-label={text('departmentMenu', { name: department.name })}
        onClick={(event) => event.stopPropagation()}
      />
    </Dropdown>
  );

  return (
    <aside className={styles.side} aria-label={text('departmentTree')}>
      <div className={styles.sideHead}>
        {text('departmentTree')}
        <Button
          type="text"
          size="small"
          icon={<PlusOutlined />}
          aria-label={text('addDepartment')}
          title={text('addDepartment')}
          onClick={() => setAsking({ kind: 'add', parent: null })}
        />
      </div>
      <button
        type="button"
        className={selected === null ? `${styles.sideItem} ${styles.sideItemOn}` : styles.sideItem}
        onClick={() => onSelect(null)}
      >
        <TeamOutlined /> {text('allMembers')}
        <span className={styles.count}>{present}</span>
      </button>
      {departments.isPending ? (
        <Skeleton active title={false} style={{ padding: 12 }} />
      ) : (
        <Tree
          key={tree.length}
          blockNode
          defaultExpandedKeys={tree.flatMap((node) =>
            [node, ...(byId.size > openedWhole ? [] : every(node.children))].map((item) => item.key),
          )}
          selectedKeys={selected ? [selected] : []}
          onSelect={(chosen) => onSelect((chosen[0] as string | undefined) ?? null)}
          treeData={tree}
          titleRender={(node) => {
            const department = byId.get(String(node.key));
            return (
              <span className={styles.treeNode}>
                <span className="ellipsis" title={String(node.title)}>
                  <Named text={String(node.title)} />
                </span>
                <span className={styles.count}>{department?.members ?? 0}</span>
                {department && menuOf(department)}
              </span>
            );
          }}
        />
      )}
      <NameDialog
        open={asking?.kind === 'add' || asking?.kind === 'rename'}
        title={
          asking?.kind === 'rename'
            ? text('renameDepartment')
            : text(asking?.kind === 'add' && asking.parent ? 'addBelow' : 'addDepartment')
        }
        label={text('departmentName')}
        initial={asking?.kind === 'rename' ? asking.department.name : ''}
        onCancel={() => setAsking(null)}
        onSubmit={async (name) => {
          if (asking?.kind === 'rename') {
            await api('departments.update', { params: { departmentId: asking.department.id }, body: { name } });
          } else if (asking?.kind === 'add') {
            const sort = (departments.data ?? []).length;
            await api('departments.create', { body: { name, parentId: asking.parent?.id ?? null, sort } });
          }
          await renew();
          setAsking(null);
        }}
      />
      <MoveDialog
        department={asking?.kind === 'move' ? asking.department : null}
        onClose={() => setAsking(null)}
        onMoved={renew}
      />
    </aside>
  );
}

function MoveDialog({
  department,
  onClose,
  onMoved,
}: {
  department: DepartmentView | null;
  onClose: () => void;
  onMoved: () => Promise<void>;
}) {
  const text = useText();
  const { message } = App.useApp();
  const [parent, setParent] = useState<{ id: string; label: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const move = async () => {
    if (!department) return;
    setBusy(true);
    try {
      await api('departments.update', {
        params: { departmentId: department.id },
        body: { parentId: (parent?.id as DepartmentId | undefined) ?? null },
      });
      await onMoved();
      onClose();
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open={department !== null}
      title={text('moveTitle', { name: department?.name ?? '' })}
      onOk={move}
      onCancel={onClose}
      afterClose={() => setParent(null)}
      confirmLoading={busy}
      width={400}
      destroyOnHidden
    >
      <DepartmentPicker value={parent} onChange={setParent} label={text('departments')} />
      <div className="muted" style={{ marginTop: 4 }}>
        {text('moveTop')}
      </div>
    </Modal>
  );
}
