import { bare } from '@lianke/shared/fields/sheet-text';
import type { MemberId } from '@lianke/shared/ids';

export interface KnownMember {
  id: MemberId;
  name: string;
  account: string | null;
  mobile: string | null;
  state: 'active' | 'invited' | 'left';
}

/** Whom a text in a column of people means. */
export interface PersonMatch {
  kind: 'member' | 'leaver' | 'unknown';
  /** Null: 待分配. */
  member: MemberId | null;
  /** The name in the text, without remarks. */
  name: string;
  /** The importer said who stands for this text, or that nobody does. */
  decided: boolean;
}

const leaverMark = /[(（[【]?\s*(?:已?离职|已离开|离任|停用)\s*[)）\]】]?/;
const remark = /[(（[【][^)）\]】]*[)）\]】]/g;

/** Finds members by name, account or phone number; people who left and strangers get whom the importer chose for them. */
export class People {
  private readonly byWord = new Map<string, KnownMember | null>();
  private readonly matches = new Map<string, PersonMatch>();

  /** @param chosen cell text → member, or null for 待分配 */
  constructor(
    members: Iterable<KnownMember>,
    private readonly chosen: Readonly<Record<string, MemberId | null>> = {},
  ) {
    const sorted = [...members].sort((a, b) => Number(a.state === 'left') - Number(b.state === 'left'));
    for (const member of sorted) {
      for (const word of [member.account, member.mobile]) if (word) this.byWord.set(bare(word), member);
    }
    for (const member of sorted) {
      const word = bare(member.name);
      const other = this.byWord.get(word);
      // Two colleagues of one name: the text alone does not say who.
      if (other && other !== member && other.state !== 'left')
        this.byWord.set(word, member.state === 'left' ? other : null);
      else if (!other) this.byWord.set(word, member);
    }
  }

  find(raw: string): PersonMatch {
    const text = raw.trim();
    const known = this.matches.get(text);
    if (known) return known;
    const match = this.match(text);
    this.matches.set(text, match);
    return match;
  }

  private match(text: string): PersonMatch {
    const marked = leaverMark.test(text);
    const name = text.replace(leaverMark, '').replace(remark, '').trim() || text;
    const member = this.byWord.get(bare(text)) ?? this.byWord.get(bare(name));
    const kind = marked || member?.state === 'left' ? 'leaver' : member ? 'member' : 'unknown';
    const chosen = this.chosen[text];
    if (kind === 'member' && member && chosen === undefined)
      return { kind, member: member.id, name: member.name, decided: false };
    return { kind, member: chosen ?? null, name, decided: chosen !== undefined };
  }
}
