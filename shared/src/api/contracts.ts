import type { z } from 'zod';
import { accessContracts } from '../access/contracts.js';
import { shareRequestContracts } from '../access/requests.js';
import { apiKeyContracts } from '../api-keys/contracts.js';
import { appContracts } from '../apps/contracts.js';
import { packageContracts } from '../apps/package-api.js';
import { auditContracts } from '../audit/contracts.js';
import { connectionContracts } from '../chat/connections.js';
import { deliveryContracts } from '../chat/deliveries.js';
import { chatGroupContracts } from '../chat/groups.js';
import { notifyContracts } from '../chat/notify.js';
import { sidebarContracts } from '../chat/sidebar.js';
import { dashboardContracts } from '../dashboards/contracts.js';
import { subscriptionContracts } from '../dashboards/subscriptions.js';
import { duplicateContracts } from '../duplicates/contracts.js';
import { flowContracts } from '../flows/contracts.js';
import { formContracts } from '../forms/contracts.js';
import { handoverContracts } from '../handover/contracts.js';
import { importContracts } from '../imports/contracts.js';
import { mapContracts } from '../maps/contracts.js';
import { orgContracts } from '../org/contracts.js';
import { poolContracts } from '../pools/contracts.js';
import { printContracts } from '../print/contracts.js';
import { publicFormContracts } from '../public-forms/contracts.js';
import { recordLinkContracts } from '../record-links/contracts.js';
import { recordContracts } from '../records/contracts.js';
import { targetContracts } from '../targets/contracts.js';
import { taskContracts } from '../tasks/contracts.js';
import { trialContracts } from '../trials/contracts.js';
import { usageContracts } from '../usage/contracts.js';
import { workbenchContracts } from '../workbench/contracts.js';
import type { Contract } from './contract.js';
import { demoContracts } from './demo-contracts.js';
import { formDesignContracts } from './form-contracts.js';
import { liveContracts } from './live-contracts.js';
import type { RouteName } from './routes.js';

const all = {
  ...orgContracts,
  ...appContracts,
  ...formContracts,
  ...recordContracts,
  ...accessContracts,
  ...importContracts,
  ...flowContracts,
  ...dashboardContracts,
  ...mapContracts,
  ...liveContracts,
  ...connectionContracts,
  ...demoContracts,
  ...formDesignContracts,
  ...duplicateContracts,
  ...shareRequestContracts,
  ...poolContracts,
  ...targetContracts,
  ...publicFormContracts,
  ...printContracts,
  ...recordLinkContracts,
  ...handoverContracts,
  ...taskContracts,
  ...usageContracts,
  ...deliveryContracts,
  ...notifyContracts,
  ...sidebarContracts,
  ...subscriptionContracts,
  ...chatGroupContracts,
  ...trialContracts,
  ...apiKeyContracts,
  ...workbenchContracts,
  ...auditContracts,
  ...packageContracts,
};
all satisfies Record<RouteName, Contract>;

type OrgPart = typeof orgContracts;
type AppPart = typeof appContracts;
type FormPart = typeof formContracts;
type RecordPart = typeof recordContracts;
type AccessPart = typeof accessContracts;
type ImportPart = typeof importContracts;
type FlowPart = typeof flowContracts;
type DashboardPart = typeof dashboardContracts;
type MapPart = typeof mapContracts;
type LivePart = typeof liveContracts;
type ConnectionPart = typeof connectionContracts;
type DemoPart = typeof demoContracts;
type FormDesign = typeof formDesignContracts;
type Duplicate = typeof duplicateContracts;
type ShareRequests = typeof shareRequestContracts;
type Pools = typeof poolContracts;
type Targets = typeof targetContracts;
type PublicForm = typeof publicFormContracts;
type Print = typeof printContracts;
type RecordLink = typeof recordLinkContracts;
type Handover = typeof handoverContracts;
type TaskPart = typeof taskContracts;
type Usage = typeof usageContracts;
type DeliveryPart = typeof deliveryContracts;
type NotifyPart = typeof notifyContracts;
type SidebarPart = typeof sidebarContracts;
type WorkbenchPart = typeof workbenchContracts;
type AuditPart = typeof auditContracts;
type PackagePart = typeof packageContracts;
type SubscriptionPart = typeof subscriptionContracts;
type ChatGroupPart = typeof chatGroupContracts;
type Trial = typeof trialContracts;
type ApiKeys = typeof apiKeyContracts;

/** Every route's contract. Its parts are named: written out whole it is more than the compiler puts into a declaration. */
export interface Contracts
  extends OrgPart,
    AppPart,
    FormPart,
    RecordPart,
    AccessPart,
    ImportPart,
    FlowPart,
    DashboardPart,
    MapPart,
    LivePart,
    ConnectionPart,
    DemoPart,
    FormDesign,
    Duplicate,
    ShareRequests,
    Pools,
    Targets,
    DeliveryPart,
    NotifyPart,
    SidebarPart,
    PublicForm,
    Print,
    RecordLink,
    Handover,
    SubscriptionPart,
    ChatGroupPart,
    TaskPart,
    Usage,
    Trial,
    ApiKeys,
    WorkbenchPart,
    AuditPart,
    PackagePart {}

export const contracts: Contracts = all;

type In<T, K extends string> = K extends keyof T ? (T[K] extends z.ZodType ? z.input<T[K]> : undefined) : undefined;
type Out<T, K extends string> = K extends keyof T ? (T[K] extends z.ZodType ? z.output<T[K]> : undefined) : undefined;

/** What a client sends. */
export type ParamsOf<R extends RouteName> = In<Contracts[R], 'params'>;
export type QueryOf<R extends RouteName> = In<Contracts[R], 'query'>;
export type BodyOf<R extends RouteName> = In<Contracts[R], 'body'>;
/** What a client reads. */
export type AnswerOf<R extends RouteName> = 'answer' extends keyof Contracts[R]
  ? Out<Contracts[R], 'answer'>
  : undefined;
