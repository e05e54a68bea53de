import { ApiError } from '@lianke/shared/api/client';
import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { AppId, FormId } from '@lianke/shared/ids';
import type { Me } from '@lianke/shared/org/api';
import { QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from './client.js';

export type AppView = AnswerOf<'apps.list'>['items'][number];
export type FormView = AnswerOf<'forms.get'>;
export type ReadField = FormView['fields'][number];

/** Query keys. Everything that shows records of a form begins with `['data', formId]`: the event stream renews it. */
export const keys = {
  me: ['me'] as const,
  apps: ['apps'] as const,
  templates: ['templates'] as const,
  forms: (appId?: string) => (appId ? (['forms', appId] as const) : (['forms'] as const)),
  form: (formId: string) => ['form', formId] as const,
  views: (formId: string) => ['views', formId] as const,
  data: (formId: string, ...rest: readonly unknown[]) => ['data', formId, ...rest] as const,
  members: ['members'] as const,
  departments: ['departments'] as const,
  roles: ['roles'] as const,
  flows: (appId?: string) => (appId ? (['flows', appId] as const) : (['flows'] as const)),
  flow: (flowId: string) => ['flow', flowId] as const,
  dashboards: (appId?: string) => (appId ? (['dashboards', appId] as const) : (['dashboards'] as const)),
  dashboard: (dashboardId: string) => ['dashboard', dashboardId] as const,
  tasks: (...rest: readonly unknown[]) => ['tasks', ...rest] as const,
  connections: ['connections'] as const,
};

/** The tab's query cache: refusals are final, lost connections are tried twice more. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        retry: (count, error) =>
          count < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 502),
      },
      mutations: { retry: false },
    },
  });
}

/** The signed-in member; fails with status 401 when nobody is. */
export function useMe() {
  return useQuery<Me>({ queryKey: keys.me, queryFn: () => api('me.get', {}), staleTime: 60_000 });
}

/** Apps the reader may open, each with its navigation items. */
export function useApps() {
  return useQuery({ queryKey: keys.apps, queryFn: async () => (await api('apps.list', {})).items });
}

/** One app out of `useApps`; undefined while loading or when it may not be seen. */
export function useApp(appId: string | undefined): AppView | undefined {
  return useApps().data?.find((app) => app.id === appId);
}

/** Published forms of an app (of every app without `appId`). */
export function useForms(appId?: string) {
  return useQuery({
    queryKey: keys.forms(appId),
    queryFn: async () => (await api('forms.list', { query: appId ? { appId: appId as AppId } : {} })).items,
  });
}

/** One form with its fields, layout, settings and what the reader may do in it. */
export function useForm(formId: string | undefined) {
  return useQuery({
    queryKey: keys.form(formId ?? ''),
    queryFn: () => api('forms.get', { params: { formId: formId as FormId } }),
    enabled: formId !== undefined && formId !== '',
  });
}

/** All members of the company, left ones included (their `state` says so). */
export function useMembers() {
  return useQuery({
    queryKey: keys.members,
    queryFn: async () => (await api('members.list', {})).items,
    staleTime: 120_000,
  });
}

/** All departments, in sort order. */
export function useDepartments() {
  return useQuery({
    queryKey: keys.departments,
    queryFn: async () => (await api('departments.list', {})).items,
    staleTime: 120_000,
  });
}

/** What must be read again after forms or navigation of an app changed. */
export function useRenewApp() {
  const client = useQueryClient();
  return async (formId?: string) => {
    await Promise.all([
      client.invalidateQueries({ queryKey: keys.apps }),
      client.invalidateQueries({ queryKey: keys.forms() }),
      formId ? client.invalidateQueries({ queryKey: keys.form(formId) }) : undefined,
      formId ? client.invalidateQueries({ queryKey: keys.data(formId) }) : undefined,
    ]);
  };
}
