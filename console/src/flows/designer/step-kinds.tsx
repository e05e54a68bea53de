import {
  ApartmentOutlined,
  ApiOutlined,
  AuditOutlined,
  BranchesOutlined,
  ClockCircleOutlined,
  CommentOutlined,
  DeleteOutlined,
  DiffOutlined,
  EditOutlined,
  FileAddOutlined,
  FormOutlined,
  FunctionOutlined,
  FundOutlined,
  MailOutlined,
  MessageOutlined,
  PartitionOutlined,
  RetweetOutlined,
  SearchOutlined,
  SendOutlined,
  StopOutlined,
  SwapOutlined,
  TeamOutlined,
  ThunderboltOutlined,
  UserSwitchOutlined,
} from '@ant-design/icons';
import type { FlowNodeType } from '@lianke/shared/flows/definition';
import type { ReactNode } from 'react';

/** The icon and tint by which a kind of step is told at a glance. */
export const stepKinds: Record<FlowNodeType | 'trigger', { icon: ReactNode; tint: string }> = {
  trigger: { icon: <ThunderboltOutlined />, tint: 'orange' },
  createRecord: { icon: <FileAddOutlined />, tint: 'blue' },
  updateRecord: { icon: <EditOutlined />, tint: 'cyan' },
  upsertRecord: { icon: <DiffOutlined />, tint: 'blue' },
  aggregate: { icon: <FundOutlined />, tint: 'cyan' },
  assign: { icon: <UserSwitchOutlined />, tint: 'green' },
  subflow: { icon: <PartitionOutlined />, tint: 'purple' },
  setVariables: { icon: <FunctionOutlined />, tint: 'blue' },
  transform: { icon: <SwapOutlined />, tint: 'blue' },
  deleteRecord: { icon: <DeleteOutlined />, tint: 'red' },
  findRecords: { icon: <SearchOutlined />, tint: 'cyan' },
  branch: { icon: <BranchesOutlined />, tint: 'purple' },
  parallel: { icon: <ApartmentOutlined />, tint: 'purple' },
  loop: { icon: <RetweetOutlined />, tint: 'purple' },
  delay: { icon: <ClockCircleOutlined />, tint: 'gold' },
  message: { icon: <MessageOutlined />, tint: 'green' },
  approval: { icon: <AuditOutlined />, tint: 'magenta' },
  cc: { icon: <SendOutlined />, tint: 'green' },
  http: { icon: <ApiOutlined />, tint: 'gold' },
  fill: { icon: <FormOutlined />, tint: 'magenta' },
  comment: { icon: <CommentOutlined />, tint: 'green' },
  email: { icon: <MailOutlined />, tint: 'green' },
  groupMessage: { icon: <TeamOutlined />, tint: 'green' },
  end: { icon: <StopOutlined />, tint: 'gray' },
};

/** A kind's icon on its tint. */
export function StepIcon({ kind }: { kind: FlowNodeType | 'trigger' }) {
  const { icon, tint } = stepKinds[kind];
  return (
    <span
      aria-hidden
      className="step-icon"
      style={{ background: `var(--tint-${tint})`, color: `var(--tint-${tint}-text)` }}
    >
      {icon}
    </span>
  );
}
