import type { FlowNodeType } from '@lianke/shared/flows/definition';
import { Injectable } from '@nestjs/common';
import type { NodeType } from './node-type.js';
import { ApprovalNode } from './nodes/approval.js';
import { BranchNode, DelayNode, EndNode } from './nodes/control.js';
import { MessageNode } from './nodes/message.js';
import { CreateRecordNode, UpdateRecordNode } from './nodes/records.js';

/** Every kind of node, by its type. */
@Injectable()
export class NodeTypes {
  private readonly byType: ReadonlyMap<FlowNodeType, NodeType>;

  constructor(
    create: CreateRecordNode,
    update: UpdateRecordNode,
    branch: BranchNode,
    delay: DelayNode,
    end: EndNode,
    message: MessageNode,
    approval: ApprovalNode,
  ) {
    const types = [create, update, branch, delay, end, message, approval] as unknown as NodeType[];
    this.byType = new Map(types.map((type) => [type.type, type]));
  }

  get(type: FlowNodeType): NodeType {
    const found = this.byType.get(type);
    if (!found) throw new Error(`no node type ${type}`);
    return found;
  }
}
