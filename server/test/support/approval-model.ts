/**
 * A reference model of approvals: nodes one after the other or in two ways at once, their seats with signers before and
 * after them and advisers. Written from the definitions alone, to be compared with the engine after every action.
 */
export type Who = 'a' | 'b' | 'c' | 'd' | 'e' | 'f';
type SeatState = 'queued' | 'pending' | 'held' | 'yes' | 'no' | 'gone';

export interface Policy {
  mode: 'any' | 'all' | 'sequential' | 'ratio';
  afterAll: boolean;
  count: number;
}
export interface ModelNode {
  id: string;
  policy: Policy;
  approvers: Who[];
}
/** A node, two ways that meet again when both are through, or a rest in which nobody is asked. */
export type Item = ModelNode | { par: string; ways: [ModelNode[], ModelNode[]] } | { rest: string };

export interface Group {
  mode: 'any' | 'all' | 'sequential';
  seats: Seat[];
}
export interface Seat {
  who: Who;
  kind: 'approve' | 'before' | 'after' | 'advise';
  state: SeatState;
  addedBy: Who | null;
  depth: number;
  before: Group[];
  after: Group[];
  adviser: Seat | null;
}
export interface Visit {
  node: ModelNode;
  seats: Seat[];
}
/** One path: which nodes it goes through, where it is, and the visit that waits there. */
interface Path {
  nodes: ModelNode[];
  at: number;
  visit: Visit | null;
}

type Value = 'yes' | 'no' | 'open' | 'none';
const nodesOf = (item: Item): string[] =>
  'par' in item ? item.ways.flat().map((node) => node.id) : 'rest' in item ? [item.rest] : [item.id];
const isNode = (item: Item | undefined): item is ModelNode => item !== undefined && 'id' in item;
const isOpen = (state: SeatState) => state === 'queued' || state === 'pending' || state === 'held';

export class Model {
  ended: 'yes' | 'no' | 'withdrawn' | null = null;
  /** It is with the starter, to be handed in again. */
  withStarter = false;
  /** Where a node leads after it was returned to, when that is straight back; `start` for the starter. */
  private straightTo: Record<string, string> = {};
  private item = 0;
  private paths: Path[] = [];

  constructor(readonly items: Item[]) {
    this.enter();
  }

  clone(): Model {
    const copy = Object.create(Model.prototype) as Model;
    return Object.assign(copy, structuredClone({ ...this }));
  }

  visits(): Visit[] {
    return this.paths.flatMap((path) => path.visit ?? []);
  }

  seats(visit: Visit): Seat[] {
    const all = (seat: Seat): Seat[] => [
      seat,
      ...[...seat.before, ...seat.after].flatMap((group) => group.seats.flatMap(all)),
      ...(seat.adviser ? [seat.adviser] : []),
    ];
    return visit.seats.flatMap(all);
  }

  /** Everything that is open, as text. */
  open(): string[] {
    if (this.ended) return [];
    const lines = this.visits().flatMap((visit) =>
      this.seats(visit)
        .filter((seat) => isOpen(seat.state))
        .map((seat) => `${visit.node.id}:${seat.who}:${seat.kind}:${seat.state}`),
    );
    return (this.withStarter ? ['trigger:s:resubmit:pending'] : lines).sort();
  }

  pass(visit: Visit, seat: Seat): void {
    seat.state = 'yes';
    this.settle(visit);
  }

  refuse(visit: Visit, seat: Seat): void {
    seat.state = 'no';
    this.settle(visit);
  }

  transfer(seat: Seat, to: Who): void {
    seat.who = to;
  }

  delegate(seat: Seat, to: Who): void {
    seat.state = 'held';
    seat.adviser = this.seat(to, 'advise', 'pending', seat.who, seat.depth);
  }

  add(visit: Visit, seat: Seat, to: Who[], position: 'before' | 'after' | 'beside', mode: Group['mode']): void {
    const kind = position === 'beside' ? seat.kind : position;
    const state = position === 'beside' ? 'pending' : 'queued';
    const added = to.map((who) => this.seat(who, kind, state, seat.who, seat.depth + 1));
    if (position === 'beside') this.siblings(visit, seat).push(...added);
    else seat[position].push({ mode, seats: added });
    if (position === 'before') seat.state = 'held';
    this.settle(visit);
  }

  remove(visit: Visit, seat: Seat): void {
    seat.state = 'gone';
    this.settle(visit);
  }

  /** Nodes a visit may be returned to: passed on its own path, or before the fork. */
  targets(visit: Visit): { to: string; straight: boolean }[] {
    const before = this.items.slice(0, this.item).flatMap((item) => (isNode(item) ? [item.id] : []));
    const path = this.pathOf(visit);
    const inner = this.inFork() ? path.nodes.slice(0, path.at).map((node) => node.id) : [];
    return [
      ...['start', ...before].map((to) => ({ to, straight: !this.inFork() })),
      ...inner.map((to) => ({ to, straight: true })),
    ];
  }

  return(visit: Visit, to: string, straight: boolean): void {
    const path = this.pathOf(visit);
    const inside = this.inFork() ? path.nodes.findIndex((node) => node.id === to) : -1;
    const at = this.items.findIndex((item) => isNode(item) && item.id === to);
    const undone =
      inside >= 0
        ? path.nodes.slice(inside).map((node) => node.id)
        : this.items
            .slice(Math.max(0, at))
            .flatMap(nodesOf)
            .concat(to === 'start' ? ['start'] : []);
    for (const node of undone) delete this.straightTo[node];
    if (straight) this.straightTo[to] = visit.node.id;
    if (to === 'start') {
      this.withStarter = true;
      this.paths = [];
    } else if (inside >= 0) this.goInside(path, to);
    else {
      this.item = at;
      this.enter();
    }
  }

  resubmit(): void {
    this.withStarter = false;
    const back = this.straightTo.start;
    delete this.straightTo.start;
    this.item = back ? this.items.findIndex((item) => isNode(item) && item.id === back) : 0;
    this.enter();
  }

  /** Whether a consent of this visit that ends it lets its whole fork go on: it cannot be taken back any more. */
  place(): number {
    return this.item;
  }

  forked(): boolean {
    return this.inFork();
  }

  /** Nobody is asked: it waits between two approvals. */
  resting(): boolean {
    const item = this.items[this.item];
    return !this.ended && !this.withStarter && item !== undefined && 'rest' in item;
  }

  /** The rest is over. */
  wake(): void {
    this.item += 1;
    this.enter();
  }

  timeOut(visit: Visit, port: 'yes' | 'no'): void {
    for (const seat of this.seats(visit)) if (isOpen(seat.state)) seat.state = 'gone';
    this.leave(visit, port);
  }

  private goInside(path: Path, to: string): void {
    path.at = path.nodes.findIndex((node) => node.id === to);
    path.visit = this.begin(path.nodes[path.at] as ModelNode);
  }

  private inFork(): boolean {
    const item = this.items[this.item];
    return item !== undefined && 'par' in item;
  }

  private pathOf(visit: Visit): Path {
    return this.paths.find((path) => path.visit === visit) as Path;
  }

  /** Begins the item it stands at; past the last one it has ended. */
  private enter(): void {
    const item = this.items[this.item];
    if (!item) {
      this.ended = 'yes';
      this.paths = [];
      return;
    }
    if ('rest' in item) {
      this.paths = [];
      return;
    }
    const ways = 'par' in item ? item.ways : [[item]];
    this.paths = ways.map((nodes) => ({ nodes, at: 0, visit: this.begin(nodes[0] as ModelNode) }));
  }

  private begin(node: ModelNode): Visit {
    const visit: Visit = { node, seats: node.approvers.map((who) => this.seat(who, 'approve', 'queued', null, 0)) };
    this.turn(visit.seats, node.policy.mode === 'sequential');
    return visit;
  }

  private seat(who: Who, kind: Seat['kind'], state: SeatState, addedBy: Who | null, depth: number): Seat {
    return { who, kind, state, addedBy, depth, before: [], after: [], adviser: null };
  }

  private siblings(visit: Visit, seat: Seat): Seat[] {
    if (visit.seats.includes(seat)) return visit.seats;
    for (const other of this.seats(visit))
      for (const group of [...other.before, ...other.after]) if (group.seats.includes(seat)) return group.seats;
    throw new Error('a seat without a place');
  }

  private leave(visit: Visit, port: 'yes' | 'no'): void {
    const path = this.pathOf(visit);
    path.visit = null;
    if (port === 'no') {
      this.ended = 'no';
      this.paths = [];
      return;
    }
    const back = this.straightTo[visit.node.id];
    delete this.straightTo[visit.node.id];
    if (back !== undefined) {
      if (this.inFork()) this.goInside(path, back);
      else {
        this.item = this.items.findIndex((item) => isNode(item) && item.id === back);
        this.enter();
      }
      return;
    }
    path.at += 1;
    const next = path.nodes[path.at];
    if (next) path.visit = this.begin(next);
    else if (this.paths.every((other) => other.at >= other.nodes.length)) {
      this.item += 1;
      this.enter();
    }
  }

  private settle(visit: Visit): void {
    for (const seat of visit.seats) this.tend(seat);
    const result = this.judge(visit);
    if (!result) {
      this.turn(visit.seats, visit.node.policy.mode === 'sequential');
      return;
    }
    for (const seat of this.seats(visit)) if (isOpen(seat.state)) seat.state = 'gone';
    this.leave(visit, result);
  }

  /** From the leaves up: who was kept waiting goes on, who is not needed any more is let go. */
  private tend(seat: Seat): void {
    for (const group of [...seat.before, ...seat.after]) for (const inner of group.seats) this.tend(inner);
    if (seat.state === 'held') {
      const values = seat.before.map((group) => this.groupValue(group));
      if (values.includes('no')) this.dismiss(seat);
      else if (!(seat.adviser && isOpen(seat.adviser.state)) && !values.includes('open')) seat.state = 'pending';
      else for (const group of seat.before) this.tendGroup(group);
      if (seat.state === 'pending') for (const group of seat.before) this.dismissAll(group);
    }
    if (seat.state === 'yes')
      for (const group of seat.after) {
        this.tendGroup(group);
        if (this.groupValue(group) === 'no') for (const other of seat.after) this.dismissAll(other);
        if (this.groupValue(group) === 'open' || this.groupValue(group) === 'no') break;
      }
    if (seat.state === 'no' || seat.state === 'gone')
      for (const group of [...seat.before, ...seat.after]) this.dismissAll(group);
  }

  private tendGroup(group: Group): void {
    if (this.groupValue(group) === 'open') this.turn(group.seats, group.mode === 'sequential');
    else this.dismissAll(group);
  }

  private dismissAll(group: Group): void {
    for (const seat of group.seats) if (isOpen(seat.state)) this.dismiss(seat);
  }

  private dismiss(seat: Seat): void {
    const refused = seat.before.some((group) => this.groupValue(group) === 'no');
    seat.state = refused ? 'no' : 'gone';
    if (seat.adviser && isOpen(seat.adviser.state)) seat.adviser.state = 'gone';
    for (const group of [...seat.before, ...seat.after]) this.dismissAll(group);
  }

  private turn(seats: Seat[], oneByOne: boolean): void {
    const waiting = seats.filter((seat) => seat.state === 'queued');
    if (!oneByOne) for (const seat of waiting) seat.state = 'pending';
    else if (!seats.some((seat) => seat.state !== 'queued' && this.value(seat) === 'open') && waiting[0])
      waiting[0].state = 'pending';
  }

  private value(seat: Seat): Value {
    if (seat.before.some((group) => this.groupValue(group) === 'no')) return 'no';
    if (isOpen(seat.state)) return 'open';
    if (seat.state === 'gone') return 'none';
    if (seat.state === 'no') return 'no';
    const after = seat.after.map((group) => this.groupValue(group));
    return after.includes('no') ? 'no' : after.includes('open') ? 'open' : 'yes';
  }

  private groupValue(group: Group): Value {
    const values = group.seats.map((seat) => this.value(seat)).filter((value) => value !== 'none');
    if (values.length === 0) return 'none';
    if (group.mode === 'any') return values.find((value) => value !== 'open') ?? 'open';
    return values.includes('no') ? 'no' : values.includes('open') ? 'open' : 'yes';
  }

  private judge(visit: Visit): 'yes' | 'no' | undefined {
    const { mode, afterAll, count } = visit.node.policy;
    const values = visit.seats.map((seat) => this.value(seat)).filter((value) => value !== 'none');
    const n = (value: Value) => values.filter((item) => item === value).length;
    if (mode === 'any') {
      if (afterAll) return n('yes') > 0 ? 'yes' : n('open') === 0 ? 'no' : undefined;
      return n('no') > 0 ? 'no' : n('yes') > 0 ? 'yes' : undefined;
    }
    if (mode === 'ratio') {
      const wanted = Math.max(1, Math.min(count, values.length));
      if (n('yes') >= wanted) return 'yes';
      return n('yes') + n('open') < wanted ? 'no' : undefined;
    }
    if (n('no') > 0 && (!afterAll || n('open') === 0)) return 'no';
    return n('no') + n('open') === 0 ? 'yes' : undefined;
  }
}
