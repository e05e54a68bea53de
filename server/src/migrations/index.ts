import { migration as core } from './0001-core.js';
import { migration as identity } from './0010-identity.js';
import { migration as chat } from './0015-chat.js';
import { migration as imports } from './0020-imports.js';
import { migration as flows } from './0030-flows.js';
import { migration as jobs } from './0040-jobs.js';
import { migration as indexes } from './0050-indexes.js';
import { migration as sessionLookup } from './0060-session-lookup.js';
import { migration as flowBranches } from './0065-flow-branches.js';
import { migration as orgSync } from './0070-org-sync.js';
import { migration as approvals } from './0080-approvals.js';
import { migration as records } from './0080-records.js';
import { migration as retention } from './0080-retention.js';
import { migration as startedRuns } from './0081-started-runs.js';
import { migration as derived } from './0085-derived.js';
import { migration as formVersions } from './0110-form-versions.js';
import { migration as bulkActions } from './0120-bulk-actions.js';
import { migration as duplicates } from './0130-duplicates.js';
import { migration as publicForms } from './0131-public-forms.js';
import { migration as access } from './0140-access.js';
import { migration as preview } from './0141-preview.js';
import { migration as importMapping } from './0150-import-mapping.js';
import { migration as flowTriggers } from './0160-flow-triggers.js';
import { migration as flowRuns } from './0161-flow-runs.js';
import { migration as approvalSemantics } from './0170-approval-semantics.js';
import { migration as fileStore } from './0180-file-store.js';
import { migration as dingtalk } from './0190-dingtalk.js';
import { migration as loginConnections } from './0191-login-connections.js';
import { migration as flowErrors } from './0200-flow-errors.js';
import { migration as flowSecrets } from './0201-flow-secrets.js';
import { migration as flowFill } from './0202-flow-fill.js';
import { migration as reminders } from './0203-reminders.js';
import { migration as fieldConversion } from './0210-field-conversion.js';
import { migration as printTemplates } from './0220-print-templates.js';
import { migration as recordLinks } from './0221-record-links.js';
import { migration as handovers } from './0222-handovers.js';
import { migration as usage } from './0223-usage.js';
import { migration as trials } from './0224-trials.js';
import { migration as backdate } from './0225-backdate.js';
import { migration as taskReminders } from './0230-task-reminders.js';
import { migration as encryptedFields } from './0240-encrypted-fields.js';
import { migration as appBin } from './0260-app-bin.js';
import { migration as runTimed } from './0280-run-timed.js';
import { migration as notify } from './0290-notify.js';
import { migration as sidebar } from './0291-sidebar.js';
import { migration as apiKeys } from './0300-api-keys.js';
import { migration as suites } from './0310-suites.js';
import { migration as reportSubscriptions } from './0320-report-subscriptions.js';
import { migration as siteFiles } from './0330-site-files.js';
import { migration as connectionProxy } from './0331-connection-proxy.js';
import { migration as companyDeletions } from './0350-company-deletions.js';
import { migration as exportNotify } from './0360-export-notify.js';
import { migration as runDays } from './0361-run-days.js';
import { migration as shareRequests } from './0370-share-requests.js';
import { migration as messageTwice } from './0380-message-twice.js';
import { migration as runItems } from './0390-run-items.js';
import { migration as messageRecall } from './0400-message-recall.js';
import { migration as visibleRange } from './0401-visible-range.js';
import { migration as pools } from './0410-pools.js';
import { migration as targets } from './0411-targets.js';
import { migration as viewBin } from './0420-view-bin.js';
import { migration as publicInvites } from './0421-public-invites.js';
import { migration as appPackages } from './0430-app-packages.js';
import { migration as mapTiles } from './0440-map-tiles.js';
import { migration as formerAccounts } from './0445-former-accounts.js';
import { migration as languages } from './0450-languages.js';
import { migration as transferredTasks } from './0451-transferred-tasks.js';
import { migration as shareCauses } from './0452-share-causes.js';
import { migration as poolCauses } from './0453-pool-causes.js';
import { migration as taskTitles } from './0454-task-titles.js';
import { migration as groupLanguages } from './0455-group-languages.js';
import { migration as messageReasons } from './0456-message-reasons.js';
import { migration as decidedTasks } from './0460-decided-tasks.js';
import { migration as contentFields } from './0470-content-fields.js';
import { migration as visitInvariants } from './0471-visit-invariants.js';
import { migration as loginTrial } from './0480-login-trial.js';
import { migration as dashboardDrafts } from './0485-dashboard-drafts.js';
import { migration as memberLanguages } from './0486-member-languages.js';
import { migration as unproven } from './0497-unproven.js';
import { migration as importContent } from './0498-import-content.js';

/** A step of the shared tables' schema. `sql` runs once, in order of `name`, as lianke_owner, in its own transaction. */
export interface Migration {
  name: string;
  sql: string;
}

export const migrations: readonly Migration[] = [
  core,
  identity,
  chat,
  imports,
  flows,
  jobs,
  indexes,
  sessionLookup,
  flowBranches,
  orgSync,
  retention,
  records,
  approvals,
  approvalSemantics,
  startedRuns,
  derived,
  formVersions,
  bulkActions,
  duplicates,
  publicForms,
  access,
  preview,
  importMapping,
  flowTriggers,
  flowRuns,
  fileStore,
  flowErrors,
  printTemplates,
  flowSecrets,
  recordLinks,
  handovers,
  usage,
  trials,
  backdate,
  taskReminders,
  dingtalk,
  fieldConversion,
  loginConnections,
  flowFill,
  reminders,
  encryptedFields,
  appBin,
  runTimed,
  notify,
  sidebar,
  apiKeys,
  suites,
  reportSubscriptions,
  siteFiles,
  connectionProxy,
  companyDeletions,
  exportNotify,
  runDays,
  shareRequests,
  messageTwice,
  runItems,
  messageRecall,
  visibleRange,
  pools,
  targets,
  viewBin,
  publicInvites,
  appPackages,
  mapTiles,
  formerAccounts,
  languages,
  transferredTasks,
  shareCauses,
  poolCauses,
  taskTitles,
  groupLanguages,
  messageReasons,
  decidedTasks,
  contentFields,
  visitInvariants,
  loginTrial,
  dashboardDrafts,
  memberLanguages,
  unproven,
  importContent,
];
