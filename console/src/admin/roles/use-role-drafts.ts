import type { RolePermissions, RoleView } from '@lianke/shared/org/api';
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useCallback, useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { keys } from '../../api/queries.js';
import { useText } from '../i18n.js';

/** Changes of roles' permissions that are kept until they are saved together. */
export function useRoleDrafts(roles: readonly RoleView[]) {
  const text = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [drafts, setDrafts] = useState<Record<string, RolePermissions>>({});
  const [busy, setBusy] = useState(false);
  const changed = roles.filter((role) => drafts[role.id]);

  const permissionsOf = (role: RoleView): RolePermissions => drafts[role.id] ?? role.permissions;
  const change = useCallback(
    (role: RoleView, permissions: RolePermissions) => setDrafts((old) => ({ ...old, [role.id]: permissions })),
    [],
  );
  const discard = useCallback(() => setDrafts({}), []);

  const save = async () => {
    setBusy(true);
    try {
      for (const role of changed) {
        const permissions = drafts[role.id];
        if (!permissions) continue;
        await api('roles.update', { params: { roleId: role.id }, body: { permissions } });
        setDrafts(({ [role.id]: _, ...rest }) => rest);
      }
      message.success(text('savedToast'));
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      // What a role may do changes what its own editor sees: navigation, forms, actions.
      await Promise.all(
        [keys.roles, keys.me, keys.apps, keys.forms(), ['form']].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      );
      setBusy(false);
    }
  };
  return { permissionsOf, change, discard, save, busy, dirty: changed.length > 0 };
}
