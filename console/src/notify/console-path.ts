/** The console's page for a page of the mini-app that a message opens; null where the console has none. */
export function consolePath(path: string): string | null {
  const [page = '', search = ''] = path.split('?');
  const query = new URLSearchParams(search);
  const id = query.get('id');
  const formId = query.get('formId');
  if (page === '/pages/task/index' && id) return `/tasks/${id}`;
  if (page === '/pages/record/index' && id && formId) return `/forms/${formId}/records/${id}`;
  if (page === '/report/pages/dashboard/index' && id) return `/dashboards/${id}`;
  if (page === '/pages/list/index' && query.get('export')) return '/exports';
  if (page === '/pages/tasks/index') return '/tasks';
  return null;
}
