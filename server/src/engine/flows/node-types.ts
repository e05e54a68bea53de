import type { FlowNodeType } from '@lianke/shared/flows/definition';
import { Injectable } from '@nestjs/common';
import type { NodeType } from './node-type.js';
import { AggregateNode } from './nodes/aggregate.js';
import { ApprovalNode } from './nodes/approval.js';
import { AssignNode } from './nodes/assign.js';
import { LoopNode, ParallelNode } from './nodes/blocks.js';
import { CcNode } from './nodes/cc.js';
import { CommentNode } from './nodes/comment.js';
import { BranchNode, DelayNode, EndNode } from './nodes/control.js';
import { EmailNode } from './nodes/email.js';
import { FillNode } from './nodes/fill.js';
import { FindRecordsNode } from './nodes/find-records.js';
import { GroupMessageNode } from './nodes/group-message.js';
import { HttpNode } from './nodes/http.js';
import { MessageNode } from './nodes/message.js';
import { CreateRecordNode, DeleteRecordNode, UpdateRecordNode } from './nodes/records.js';
import { SubflowNode } from './nodes/subflow.js';
import { UpsertRecordNode } from './nodes/upsert.js';
import { SetVariablesNode, TransformNode } from './nodes/variables.js';

/** Every kind of node, by its type. */
@Injectable()
export class NodeTypes {
  private readonly byType: ReadonlyMap<FlowNodeType, NodeType>;

  constructor(
    create: CreateRecordNode,
    update: UpdateRecordNode,
    remove: DeleteRecordNode,
    find: FindRecordsNode,
    parallel: ParallelNode,
    loop: LoopNode,
    http: HttpNode,
    branch: BranchNode,
    delay: DelayNode,
    end: EndNode,
    message: MessageNode,
    approval: ApprovalNode,
    cc: CcNode,
    upsert: UpsertRecordNode,
    aggregate: AggregateNode,
    assign: AssignNode,
    subflow: SubflowNode,
    variables: SetVariablesNode,
    transform: TransformNode,
    email: EmailNode,
    group: GroupMessageNode,
    fill: FillNode,
    comment: CommentNode,
  ) {
    const types = [
      ...[create, update, upsert, remove, find, aggregate, assign, subflow, branch, parallel, loop],
      ...[delay, end, message, approval, cc, http, variables, transform, email, group, fill, comment],
    ] as unknown as NodeType[];
    this.byType = new Map(types.map((type) => [type.type, type]));
  }

  get(type: FlowNodeType): NodeType {
    const found = this.byType.get(type);
    if (!found) throw new Error(`no node type ${type}`);
    return found;
  }
}
