import { randomInt } from 'node:crypto';
import type { AppPackage } from '@lianke/shared/apps/package';
import { newFieldId } from '@lianke/shared/forms/definition';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import { parentKey, positionKey } from '../../forms/subform-meta.js';
import type { PackageNames } from './package-names.js';

/** Gives an id to every part of the package that has none here yet; fields only when `fields` says so. */
export function claimNames(names: PackageNames, pack: AppPackage, part: 'fields' | 'all but fields'): void {
  const claim = (token: string, make: () => string) => {
    if (names.id(token) === undefined) names.set(token, make());
  };
  const fieldId = () => newFieldId((below) => randomInt(below));
  if (part === 'all but fields') {
    for (const { key, views, prints } of pack.forms) {
      claim(`form:${key}`, uuid7);
      for (const view of views) claim(`view:${key}/${view.key}`, uuid7);
      for (const print of prints) claim(`print:${key}/${print.key}`, uuid7);
    }
    for (const { key } of pack.roles) claim(`role:${key}`, uuid7);
    for (const { key } of pack.flows) claim(`flow:${key}`, uuid7);
    for (const { key } of pack.dashboards) claim(`dashboard:${key}`, uuid7);
    for (const { key } of pack.targets) claim(`target:${key}`, uuid7);
    return;
  }
  for (const form of pack.forms)
    for (const raw of form.fields) {
      const { key, type, config } = raw as { key: string; type?: unknown; config?: { fields?: unknown } };
      claim(`field:${form.key}/${key}`, fieldId);
      if (type !== 'subform') continue;
      claim(`form:${form.key}/${key}`, uuid7);
      const rows = Array.isArray(config?.fields) ? config.fields : [];
      for (const row of [parentKey, positionKey, ...rows.map((item) => (item as { key: string }).key)])
        claim(`field:${form.key}/${key}/${row}`, fieldId);
    }
}
