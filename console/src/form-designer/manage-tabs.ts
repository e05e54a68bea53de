import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { FormView } from '../api/queries.js';
import type { TextKey } from './messages/zh.js';

export interface ManageTab {
  /** The last part of the page's address: `/apps/…/forms/…/manage/<key>`. */
  key: string;
  label: TextKey;
  /** The page below the tabs; the design itself has none, it comes with a head of its own. */
  Page?: LazyExoticComponent<ComponentType<{ form: FormView }>>;
}

/** Everything that can be set about a form, in the order of its tabs. A tab is a line here and a component. */
export const manageTabs: readonly ManageTab[] = [
  { key: 'design', label: 'tabDesign' },
  {
    key: 'flows',
    label: 'tabFlows',
    Page: lazy(async () => ({ default: (await import('../flows/flows-of-form.js')).FlowsOfForm })),
  },
  {
    key: 'data',
    label: 'tabData',
    Page: lazy(async () => ({ default: (await import('./data-tab.js')).DataTab })),
  },
  {
    key: 'duplicates',
    label: 'tabDuplicates',
    Page: lazy(async () => ({ default: (await import('../duplicates/rules-tab.js')).DuplicateRulesTab })),
  },
  {
    key: 'pool',
    label: 'tabPool',
    Page: lazy(async () => ({ default: (await import('../pools/pool-rules-tab.js')).PoolRulesTab })),
  },
  {
    key: 'targets',
    label: 'tabTargets',
    Page: lazy(async () => ({ default: (await import('../targets/targets-tab.js')).TargetsTab })),
  },
  {
    key: 'links',
    label: 'tabLinks',
    Page: lazy(async () => ({ default: (await import('../print/print-and-links-tab.js')).PrintAndLinksTab })),
  },
  {
    key: 'access',
    label: 'tabAccess',
    Page: lazy(async () => ({ default: (await import('../admin/roles/form-access.js')).FormAccess })),
  },
];
