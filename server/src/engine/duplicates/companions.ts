import type { RecordId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/database/tx.js';

/** What a module keeps about records in a table of its own: it goes along when a record is merged into another. */
export interface RecordCompanion {
  /** Under which what was moved is kept for an undo; never changed. */
  readonly key: string;
  /** Moves what hangs on `from` to `to`, in the merge's transaction; answers by what each is found again. */
  move(tx: Tx, from: RecordId, to: RecordId): Promise<string[]>;
  /** Takes it back after an undo, as far as it still hangs on `from`. */
  moveBack(tx: Tx, moved: readonly string[], from: RecordId, to: RecordId): Promise<void>;
}

/** Where modules register what goes along with merged records. */
@Injectable()
export class RecordCompanions {
  private readonly companions: RecordCompanion[] = [];

  register(companion: RecordCompanion): void {
    this.companions.push(companion);
  }

  /** What was moved, by the companion's key; nothing for those on which nothing hung. */
  async move(tx: Tx, from: RecordId, to: RecordId): Promise<Record<string, string[]>> {
    const moved: Record<string, string[]> = {};
    for (const companion of this.companions) {
      const found = await companion.move(tx, from, to);
      if (found.length > 0) moved[companion.key] = found;
    }
    return moved;
  }

  async moveBack(tx: Tx, moved: Readonly<Record<string, string[]>>, from: RecordId, to: RecordId): Promise<void> {
    for (const companion of this.companions) {
      const found = moved[companion.key];
      if (found) await companion.moveBack(tx, found, from, to);
    }
  }
}
