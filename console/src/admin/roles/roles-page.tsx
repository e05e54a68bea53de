import { PlusOutlined } from '@ant-design/icons';
import { type RolePermissions, type RoleView, rolePermissions } from '@lianke/shared/org/api';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Popconfirm, Skeleton, Switch, Tag } from 'antd';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { type FormView, keys, useApps, useForms } from '../../api/queries.js';
import { PageError } from '../../app/page-error.js';
import { EmptyState } from '../../shared/empty-state.js';
import { NameDialog } from '../../shared/name-dialog.js';
import styles from '../admin.module.css';
import { Guard } from '../guard.js';
import { useText } from '../i18n.js';
import { useRoles } from '../use-roles.js';
import { GrantRow } from './grant-row.js';
import { grantOf, withGrant } from './grants.js';
import rows from './roles.module.css';
import { SaveBar } from './save-bar.js';
import { useRoleDrafts } from './use-role-drafts.js';

/** 角色与权限. */
export function RolesPage() {
  return (
    <Guard need="admin">
      <Roles />
    </Guard>
  );
}

function Roles() {
  const text = useText();
  const client = useQueryClient();
  const roles = useRoles();
  const list = roles.data ?? [];
  const drafts = useRoleDrafts(list);
  const [chosen, setChosen] = useState<string>();
  const [asking, setAsking] = useState<'add' | 'rename'>();
  const role = list.find((item) => item.id === chosen) ?? list.find((item) => !item.system) ?? list[0];

  if (roles.isPending) return <Skeleton active style={{ padding: 24 }} />;
  if (roles.error) return <PageError error={roles.error} retry={() => void roles.refetch()} />;

  const submitName = async (name: string) => {
    if (asking === 'rename' && role) {
      await api('roles.update', { params: { roleId: role.id }, body: { name } });
    } else {
      const made = await api('roles.create', { body: { name, permissions: rolePermissions.parse({}) } });
      setChosen(made.id);
    }
    await client.invalidateQueries({ queryKey: keys.roles });
    setAsking(undefined);
  };

  return (
    <div className={styles.split}>
      <aside className={styles.side} aria-label={text('roles')}>
        <div className={styles.sideHead}>
          {text('roles')}
          <Button
            type="text"
            size="small"
            icon={<PlusOutlined />}
            aria-label={text('addRole')}
            title={text('addRole')}
            onClick={() => setAsking('add')}
          />
        </div>
        {list.map((item) => (
          <button
            type="button"
            key={item.id}
            aria-pressed={item.id === role?.id}
            className={item.id === role?.id ? `${styles.sideItem} ${styles.sideItemOn}` : styles.sideItem}
            onClick={() => setChosen(item.id)}
          >
            <span className="ellipsis">{item.name}</span>
            {item.system && <Tag>{text('systemRole')}</Tag>}
            <span className={styles.count}>{text('memberCount', { n: item.members })}</span>
          </button>
        ))}
      </aside>
      <div className={styles.main}>
        {role && (
          <RoleRights
            role={role}
            permissions={drafts.permissionsOf(role)}
            onChange={(permissions) => drafts.change(role, permissions)}
            onRename={() => setAsking('rename')}
          />
        )}
        <SaveBar dirty={drafts.dirty} busy={drafts.busy} onSave={() => void drafts.save()} onDiscard={drafts.discard} />
      </div>
      <NameDialog
        open={asking !== undefined}
        title={text(asking === 'rename' ? 'rename' : 'addRole')}
        label={text('roleName')}
        initial={asking === 'rename' ? (role?.name ?? '') : ''}
        onCancel={() => setAsking(undefined)}
        onSubmit={submitName}
      />
    </div>
  );
}

interface RightsProps {
  role: RoleView;
  permissions: RolePermissions;
  onChange: (permissions: RolePermissions) => void;
  onRename: () => void;
}

const general = [
  { key: 'admin', name: 'permAdmin', hint: 'permAdminHint' },
  { key: 'design', name: 'permDesign', hint: 'permDesignHint' },
  { key: 'members', name: 'permMembers', hint: 'permMembersHint' },
] as const;

function RoleRights({ role, permissions, onChange, onRename }: RightsProps) {
  const text = useText();
  return (
    <>
      <div className={styles.bar}>
        <h1 className={styles.title}>{role.name}</h1>
        {!role.system && (
          <>
            <Button onClick={onRename}>{text('rename')}</Button>
            <DeleteRole role={role} />
          </>
        )}
      </div>
      {role.system && <Alert type="info" showIcon title={text('systemLocked')} style={{ marginBottom: 16 }} />}
      <section className={styles.card}>
        <h2>{text('general')}</h2>
        {general.map(({ key, name, hint }) => (
          <div key={key} className={styles.perm}>
            <div>
              <div>{text(name)}</div>
              <div className="muted">{text(hint)}</div>
            </div>
            <Switch
              aria-label={text(name)}
              disabled={role.system || (permissions.admin && key !== 'admin')}
              checked={permissions[key] || permissions.admin}
              onChange={(on) => onChange({ ...permissions, [key]: on })}
            />
          </div>
        ))}
      </section>
      <section className={styles.card}>
        <h2>{text('byForm')}</h2>
        {permissions.admin ? (
          <p className="muted">{text('adminHasAll')}</p>
        ) : (
          <ByForm role={role} permissions={permissions} onChange={onChange} />
        )}
      </section>
    </>
  );
}

function ByForm({ role, permissions, onChange }: Omit<RightsProps, 'onRename'>) {
  const text = useText();
  const apps = useApps();
  const forms = useForms();
  if (forms.isPending) return <Skeleton active />;
  if (forms.error) return <Alert type="error" showIcon title={messageOf(forms.error)} />;
  if (forms.data.length === 0) return <EmptyState compact title={text('noForms')} />;
  const groups = new Map<string, FormView[]>();
  for (const form of forms.data) groups.set(form.appId, [...(groups.get(form.appId) ?? []), form]);
  return (
    <>
      {[...groups].map(([appId, list]) => (
        <div key={appId} className={rows.rows}>
          {groups.size > 1 && <h3 className={rows.app}>{apps.data?.find((app) => app.id === appId)?.name}</h3>}
          {list.map((form) => (
            <GrantRow
              key={form.id}
              form={form}
              roleName={role.name}
              label={form.name}
              grant={grantOf(permissions, form.id)}
              disabled={role.system}
              onChange={(grant) => onChange(withGrant(permissions, form.id, grant))}
            />
          ))}
        </div>
      ))}
    </>
  );
}

function DeleteRole({ role }: { role: RoleView }) {
  const text = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const remove = async () => {
    try {
      await api('roles.delete', { params: { roleId: role.id } });
      message.success(text('roleDeleted', { name: role.name }));
      await Promise.all([
        client.invalidateQueries({ queryKey: keys.roles }),
        client.invalidateQueries({ queryKey: keys.members }),
      ]);
    } catch (error) {
      message.error(messageOf(error));
    }
  };
  return (
    <Popconfirm
      title={text('deleteRoleAsk', { name: role.name })}
      description={text('deleteRoleText', { n: role.members })}
      okButtonProps={{ danger: true }}
      onConfirm={remove}
    >
      <Button danger>{text('deleteRole')}</Button>
    </Popconfirm>
  );
}
