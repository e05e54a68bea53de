import type { AppPackage } from '@lianke/shared/apps/package';
import type { AppGround } from './app-ground.js';
import type { PackageNames } from './package-names.js';

/**
 * Finds the package's parts in an app of which nobody recorded what was installed: forms and roles by their keys, else by
 * what they are called, everything else by what it is called. Fields follow by their keys.
 */
export function matchNames(names: PackageNames, pack: AppPackage, ground: AppGround): void {
  const match = <Item extends { id: string }>(
    token: string,
    items: readonly Item[],
    ...ways: ((item: Item) => boolean)[]
  ) => {
    const free = items.filter((item) => names.token(item.id) === undefined);
    for (const way of ways) {
      const found = free.find(way);
      if (found) return names.set(token, found.id);
    }
  };
  for (const form of pack.forms) {
    match(
      `form:${form.key}`,
      ground.forms,
      (item) => item.key === form.key,
      (item) => item.name === form.name,
    );
    const id = names.id(`form:${form.key}`);
    const views = ground.views.filter((view) => view.form_id === id);
    for (const view of form.views)
      match(`view:${form.key}/${view.key}`, views, ({ definition }) => definition.name === view.name);
    const prints = ground.prints.filter((print) => print.form_id === id);
    for (const print of form.prints) match(`print:${form.key}/${print.key}`, prints, ({ name }) => name === print.name);
  }
  const roles = ground.roles.filter((role) => !role.system);
  for (const role of pack.roles)
    match(
      `role:${role.key}`,
      roles,
      ({ key }) => key === role.key,
      ({ name }) => name === role.name,
    );
  for (const flow of pack.flows) match(`flow:${flow.key}`, ground.flows, ({ name }) => name === flow.name);
  for (const page of pack.dashboards)
    match(`dashboard:${page.key}`, ground.dashboards, ({ name }) => name === page.name);
  for (const { key, definition } of pack.targets)
    match(`target:${key}`, ground.targets, (item) => item.definition.name === (definition as { name?: unknown }).name);
}
