import type { TenantId } from '@lianke/shared/ids';
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useEffect, useRef } from 'react';
import { useLocation, useNavigate } from 'react-router-dom';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { useMe } from '../api/queries.js';

/** A step of the stage is in one of the demonstration's two companies (`?company=demo`): goes there before the page opens. */
export function CompanyOnDemand() {
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { message } = App.useApp();
  const me = useMe().data;
  const params = new URLSearchParams(search);
  const wanted = params.get('company');
  const asked = useRef<string>(undefined);
  useEffect(() => {
    if (wanted === null || !me || asked.current === search) return;
    asked.current = search;
    const there = { pathname, search: withoutCompany(search) };
    const [target, ...more] = me.tenants.filter((tenant) => !tenant.current);
    // Whoever is in other companies too chooses himself.
    if (me.tenant.key === wanted || !target || more.length > 0) {
      navigate(there, { replace: true });
      return;
    }
    void api('auth.switch', { body: { tenantId: target.id as TenantId } })
      .then(() => {
        // Everything cached belongs to the company just left.
        client.clear();
        navigate(there, { replace: true });
      })
      .catch((error: unknown) => message.error(messageOf(error)));
  }, [wanted, me, pathname, search, navigate, client, message]);
  return null;
}

function withoutCompany(search: string): string {
  const params = new URLSearchParams(search);
  params.delete('company');
  return params.toString();
}
