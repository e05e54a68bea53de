import type { BatchId, FormId, MemberId, RecordId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import type { TenantContext } from '../context.js';

/** A record and whose it was before it was transferred. */
export interface OwnedRecord {
  id: RecordId;
  owner: MemberId;
}

/** A record about which an approval waits for a member. */
export interface OpenApproval {
  formId: FormId;
  record: RecordId;
  member: MemberId;
}

/** What became of approvals that were to go along. */
export interface ApprovalsGiven {
  done: number;
  failed: number;
  /** Why the first of the failed ones stayed. */
  reason: string;
}

/** Who keeps approvals. */
export interface ApprovalKeeper {
  /** The approvals that wait for the members. */
  open(ctx: TenantContext, members: readonly MemberId[]): Promise<OpenApproval[]>;
  /** Gives to `to` what of the records waits for their former owners, and keeps it under the batch. */
  give(ctx: TenantContext, batchId: BatchId, records: readonly OwnedRecord[], to: MemberId): Promise<ApprovalsGiven>;
  /** Takes that back as far as it is still open and still the new owner's. */
  giveBack(ctx: TenantContext, batchId: BatchId): Promise<{ reversed: number; kept: number }>;
}

/** Where the module of approvals registers, so that they go along when records are transferred. */
@Injectable()
export class ApprovalsAlong {
  private keeper: ApprovalKeeper | undefined;

  register(keeper: ApprovalKeeper): void {
    this.keeper = keeper;
  }

  async open(ctx: TenantContext, members: readonly MemberId[]): Promise<OpenApproval[]> {
    return members.length > 0 && this.keeper ? this.keeper.open(ctx, members) : [];
  }

  async give(
    ctx: TenantContext,
    batchId: BatchId,
    records: readonly OwnedRecord[],
    to: MemberId,
  ): Promise<ApprovalsGiven> {
    const nothing = { done: 0, failed: 0, reason: '' };
    return records.length > 0 && this.keeper ? this.keeper.give(ctx, batchId, records, to) : nothing;
  }

  async giveBack(ctx: TenantContext, batchId: BatchId): Promise<{ reversed: number; kept: number }> {
    return this.keeper ? this.keeper.giveBack(ctx, batchId) : { reversed: 0, kept: 0 };
  }
}
