import type { Language, Words } from '@lianke/shared/errors/issue-text';
import type { MemberId } from '@lianke/shared/ids';
import type { UndoRow } from '@lianke/shared/imports/api';
import type { Org } from '../org/org-directory.js';
import type { ChangeRow } from './history.js';

/** How an undone batch ended: put back, left because somebody changed it since, or refused. */
export interface UndoReport {
  reversed: number;
  kept: number;
  failed: number;
  /** The first records that were not put back. */
  rows: UndoRow[];
}

/** The same as it is kept: who changed a record since, and how, is put into words for each reader. */
export interface KeptUndoReport extends UndoReport {
  rows: (UndoRow & { later?: LaterChange })[];
}

/** The last change of a record since the batch that is undone; `by` null: the system. */
interface LaterChange {
  kind: ChangeRow['kind'];
  by: MemberId | null;
}

const laterWords: Record<ChangeRow['kind'], Words> = {
  create: { zh: '新增', en: 'created' },
  update: { zh: '修改', en: 'changed' },
  delete: { zh: '删除', en: 'deleted' },
  restore: { zh: '恢复', en: 'restored' },
};

function laterChange({ kind, by }: LaterChange, org: Org): Words {
  const { zh, en } = laterWords[kind];
  const who = by === null ? undefined : org.nameOf(by);
  return { zh: `之后由${who ?? '系统'}${zh}`, en: `${en} since by ${who ?? 'the system'}` };
}

/** The report as a reader of the language gets it. */
export function undoTold(report: KeptUndoReport, org: Org, language: Language): UndoReport {
  const rows = (report.rows ?? []).map(({ later, ...row }) =>
    later ? { ...row, reason: laterChange(later, org)[language] } : row,
  );
  return { ...report, rows };
}
