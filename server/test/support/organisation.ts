import type { RunningSandbox } from '../../../infra/sandbox/src/server.js';

/** One change of a company's contacts, as its platform pushes it. */
export type Change =
  | { kind: 'person' | 'joined' | 'leaver'; userid: string; departments: number[] }
  | { kind: 'department' | 'founded' | 'closed'; id: number };

interface Person {
  userid: string;
  name: string;
  departments: number[];
  leads: number[];
  title: string;
  manager: string | null;
}

/** A company as a platform of the sandbox keeps it, changed behind the application's back. */
export abstract class Source {
  abstract readonly departments: Map<number, { id: number; name: string; parentId: number }>;
  abstract get people(): Person[];
  abstract put(person: Person): void;
  abstract drop(userid: string): void;
  /** Pushes a change, or a repeat of it; whether and when it arrives is the caller's to say. */
  abstract push(change: Change, at: number): void;
  /** Resolves when nothing is under way. */
  abstract idle(): Promise<void>;
}

export class WecomSource extends Source {
  constructor(
    private readonly sandbox: RunningSandbox,
    private readonly corpId: string,
  ) {
    super();
  }

  private get corp() {
    const corp = this.sandbox.state.wecom.world.corps.get(this.corpId.toLowerCase());
    if (!corp) throw new Error(`the sandbox has no corp ${this.corpId}`);
    return corp;
  }

  get departments() {
    return this.corp.departments;
  }

  get people(): Person[] {
    return [...this.corp.members.values()].map((member) => ({
      ...member,
      title: member.position,
      manager: member.directLeader,
    }));
  }

  put({ userid, name, departments, leads, title, manager }: Person): void {
    const rest = { gender: '1', mobile: '', email: '' } as const;
    const member = { ...rest, userid, name, departments, leads, position: title, directLeader: manager };
    this.corp.members.set(userid.toLowerCase(), member);
  }

  drop(userid: string): void {
    this.corp.members.delete(userid.toLowerCase());
  }

  push(change: Change, at: number): void {
    const what =
      'userid' in change
        ? {
            ChangeType: { person: 'update_user', joined: 'create_user', leaver: 'delete_user' }[change.kind],
            UserID: change.userid,
            ...(change.kind === 'leaver' ? {} : { Department: change.departments.join(',') }),
          }
        : {
            ChangeType: { department: 'update_party', founded: 'create_party', closed: 'delete_party' }[change.kind],
            Id: change.id,
          };
    this.sandbox.state.callbacks.send(this.corpId, 0, {
      ToUserName: this.corpId,
      FromUserName: 'sys',
      CreateTime: at,
      MsgType: 'event',
      Event: 'change_contact',
      ...what,
    });
  }

  idle(): Promise<void> {
    return this.sandbox.state.callbacks.idle();
  }
}

export class DingtalkSource extends Source {
  constructor(
    private readonly sandbox: RunningSandbox,
    private readonly corpId: string,
  ) {
    super();
  }

  private get corp() {
    const corp = this.sandbox.state.ding.world.corps.get(this.corpId);
    if (!corp) throw new Error(`the sandbox has no corp ${this.corpId}`);
    return corp;
  }

  get departments() {
    return this.corp.departments;
  }

  get people(): Person[] {
    return [...this.corp.members.values()];
  }

  put(person: Person): void {
    this.corp.members.set(person.userid, { ...person, unionid: `union_${person.userid}`, mobile: '', email: '' });
  }

  drop(userid: string): void {
    this.corp.members.delete(userid);
  }

  push(change: Change, at: number): void {
    const names = {
      person: 'user_modify_org',
      joined: 'user_add_org',
      leaver: 'user_leave_org',
      department: 'org_dept_modify',
      founded: 'org_dept_create',
      closed: 'org_dept_remove',
    };
    this.sandbox.state.pushes.event(this.corpId, names[change.kind], {
      timeStamp: String(at * 1000),
      ...('userid' in change ? { userId: [change.userid] } : { deptId: [change.id] }),
      // A repeat is the same event.
      eventId: `${names[change.kind]}:${'userid' in change ? change.userid : change.id}:${at}`,
    });
  }

  idle(): Promise<void> {
    return this.sandbox.state.pushes.idle();
  }
}

/** Random days in a company's life. */
export class Company {
  private next = 0;

  constructor(
    readonly source: Source,
    private readonly random: () => number,
  ) {}

  /** So many departments in a tree, and so many people in them, some in two, some leading. */
  found(departments: number, people: number): void {
    for (let index = 0; index < departments; index++) this.department();
    for (let index = 0; index < people; index++) this.join();
  }

  /** One change; a department that somebody is in or below is never closed, as on the platforms. */
  change(): Change {
    const dice = this.random();
    if (dice < 0.2) return this.join();
    if (dice < 0.35) return this.leave();
    if (dice < 0.85) return this.rearrange();
    if (dice < 0.92) return this.department();
    return this.closeOr(() => this.moveDepartment());
  }

  /** Any of a list. */
  pick<Item>(list: readonly Item[]): Item {
    const found = list[Math.floor(this.random() * list.length)];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  }

  /** The list in random order. */
  shuffled<Item>(list: readonly Item[]): Item[] {
    return list
      .map((item) => ({ item, place: this.random() }))
      .sort((a, b) => a.place - b.place)
      .map(({ item }) => item);
  }

  private get ids(): number[] {
    return [...this.source.departments.keys()];
  }

  private places(): Pick<Person, 'departments' | 'leads'> {
    const departments = [...new Set([this.pick(this.ids), ...(this.random() < 0.2 ? [this.pick(this.ids)] : [])])];
    return { departments, leads: this.random() < 0.1 ? departments.slice(0, 1) : [] };
  }

  private join(): Change {
    const userid = `Person${++this.next}`;
    const { people } = this.source;
    const manager = this.random() < 0.3 && people.length > 0 ? this.pick(people).userid : null;
    const places = this.places();
    this.source.put({ userid, name: `员工${this.next}`, title: '销售', manager, ...places });
    return { kind: 'joined', userid, departments: places.departments };
  }

  private leave(): Change {
    const { userid, departments } = this.pick(this.source.people.filter((person) => person.userid !== 'admin'));
    this.source.drop(userid);
    return { kind: 'leaver', userid, departments };
  }

  private rearrange(): Change {
    // The administrator was made by hand: what the platform calls him does not count.
    const person = this.pick(this.source.people.filter(({ userid }) => userid !== 'admin'));
    const dice = this.random();
    if (dice < 0.15) person.name = `${person.name.slice(0, 6)}${Math.floor(this.random() * 100)}`;
    else if (dice < 0.3) person.title = this.pick(['销售', '主管', '经理']);
    else if (dice < 0.4) {
      const manager = this.pick(this.source.people).userid;
      if (manager !== person.userid) person.manager = manager;
    } else Object.assign(person, this.places());
    this.source.put(person);
    return { kind: 'person', userid: person.userid, departments: person.departments };
  }

  private department(): Change {
    const id = 1000 + ++this.next;
    this.source.departments.set(id, { id, name: `部门${id}`, parentId: this.pick(this.ids) });
    return { kind: 'founded', id };
  }

  private closeOr(otherwise: () => Change): Change {
    const used = new Set([
      ...this.source.people.flatMap((person) => person.departments),
      ...[...this.source.departments.values()].map((department) => department.parentId),
    ]);
    const empty = this.ids.filter((id) => id !== 1 && !used.has(id));
    if (empty.length === 0 || this.random() < 0.3) return otherwise();
    const id = this.pick(empty);
    this.source.departments.delete(id);
    return { kind: 'closed', id };
  }

  private moveDepartment(): Change {
    const department = this.source.departments.get(this.pick(this.ids.filter((id) => id !== 1)));
    if (!department) throw new Error('there is only the root');
    const above = (id: number): number[] => {
      const parent = this.source.departments.get(id)?.parentId ?? 0;
      return parent > 0 ? [parent, ...above(parent)] : [];
    };
    const places = this.ids.filter((id) => id !== department.id && !above(id).includes(department.id));
    if (this.random() < 0.5) department.name = `部门${department.id}改${Math.floor(this.random() * 100)}`;
    else department.parentId = this.pick(places);
    return { kind: 'department', id: department.id };
  }
}
