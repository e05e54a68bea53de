import { Alert, Skeleton } from 'antd';
import { messageOf } from '../../api/errors.js';
import { type FormView, useMe } from '../../api/queries.js';
import { EmptyState } from '../../shared/empty-state.js';
import { useText } from '../i18n.js';
import { useRoles } from '../use-roles.js';
import { GrantRow } from './grant-row.js';
import { grantOf, withGrant } from './grants.js';
import styles from './roles.module.css';
import { SaveBar } from './save-bar.js';
import { useRoleDrafts } from './use-role-drafts.js';

/** 权限 of one form: what each role may do with it. */
export function FormAccess({ form }: { form: FormView }) {
  const text = useText();
  const me = useMe();
  const roles = useRoles();
  const list = roles.data ?? [];
  const drafts = useRoleDrafts(list);
  if (me.data && !me.data.permissions.admin) return <EmptyState title={text('noAdmin')} hint={text('askAdmin')} />;
  if (roles.isPending) return <Skeleton active style={{ padding: 24 }} />;
  if (roles.error) return <Alert type="error" showIcon title={messageOf(roles.error)} style={{ margin: 24 }} />;
  return (
    <div className={styles.access}>
      <p className="muted" style={{ marginBottom: 12 }}>
        {text('accessHint')} {text('rolesHint')}
      </p>
      <div className={styles.rows}>
        {list.map((role) => {
          const permissions = drafts.permissionsOf(role);
          if (permissions.admin) {
            return (
              <div key={role.id} className={styles.row}>
                <div className={styles.rowName}>
                  <strong>{role.name}</strong>
                  <span className={styles.sentence}>{text('fullAccess')}</span>
                </div>
              </div>
            );
          }
          return (
            <GrantRow
              key={role.id}
              form={form}
              roleName={role.name}
              label={role.name}
              grant={grantOf(permissions, form.id)}
              disabled={role.system}
              onChange={(grant) => drafts.change(role, withGrant(permissions, form.id, grant))}
            />
          );
        })}
      </div>
      <SaveBar dirty={drafts.dirty} busy={drafts.busy} onSave={() => void drafts.save()} onDiscard={drafts.discard} />
    </div>
  );
}
