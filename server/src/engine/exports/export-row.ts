import type { Language } from '@lianke/shared/errors/issue-text';
import type { ExportId, FormId, MemberId, TenantId } from '@lianke/shared/ids';
import type { ExportBody, ExportView } from '@lianke/shared/records/exports';

/** One row of `lianke.export`. */
export interface ExportRow {
  tenant_id: TenantId;
  id: ExportId;
  form_id: FormId;
  form_name: string;
  file_name: string;
  request: ExportBody;
  state: ExportView['state'];
  progress_done: number;
  progress_total: number;
  size: number | null;
  error: string | null;
  cancel_requested: boolean;
  epoch: number;
  created_by: MemberId;
  /** Of its maker, who is told of its end in it. */
  language: Language;
  created_at: string;
  expires_at: string | null;
}
