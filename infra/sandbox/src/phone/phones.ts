import { PhoneGateway } from './gateway.js';

/** State of a person's phone that is not the chat's business. */
export interface PhoneState {
  online: boolean;
  /** Whether the phone tells its position. */
  locates: boolean;
  /** Whether that position is made up by another app, which DingTalk's client says and WeCom's does not. */
  fakesPlace: boolean;
}

/** The phones' gateways, opened when first needed, one per person and company. */
export class Phones {
  private readonly gateways = new Map<string, Promise<PhoneGateway>>();
  private readonly states = new Map<string, PhoneState>();

  constructor(
    private readonly publicUrl: string,
    private readonly selfUrl: () => string,
    /** A log-in code of DingTalk's client for a page on this person's phone; null where he has no such client. */
    private readonly dingCode: (corpId: string, userid: string) => string | null,
    /** The platform's answer to a page that wants to use its client's interface. */
    readonly verifyPage: (platform: 'wecom' | 'dingtalk', body: string) => { errcode: number; errmsg: string },
    /** What the platform shows in the place of a name that it withholds. */
    private readonly openName: (body: string) => { name: string | null },
    /** A page on this person's phone had the client open a chat. */
    private readonly opened: (corpId: string, userid: string, body: string) => void,
  ) {}

  state(userid: string): PhoneState {
    return this.states.get(userid.toLowerCase()) ?? { online: true, locates: true, fakesPlace: false };
  }

  gateway(corpId: string, userid: string, platform: 'wecom' | 'dingtalk' = 'wecom'): Promise<PhoneGateway> {
    const key = `${corpId}/${userid.toLowerCase()}`;
    const known = this.gateways.get(key);
    if (known) return known;
    const opening = PhoneGateway.open({
      corpId,
      userid,
      platform,
      dingCode: () => this.dingCode(corpId, userid),
      verify: (body) => this.verifyPage(platform, body),
      openName: this.openName,
      opened: (body) => this.opened(corpId, userid, body),
      publicUrl: this.publicUrl,
      selfUrl: this.selfUrl(),
      ...this.state(userid),
    });
    this.gateways.set(key, opening);
    return opening;
  }

  /** Origin of one of this person's phones, if `origin` is one: where OAuth may return to instead of the application's own. */
  async owns(origin: string, userid: string): Promise<boolean> {
    for (const [key, opening] of this.gateways) {
      if (key.endsWith(`/${userid.toLowerCase()}`) && (await opening).origin === origin) return true;
    }
    return false;
  }

  /** Changes the phone's network or location switch; a phone cut off loses its open connections at once. */
  async set(userid: string, change: Partial<PhoneState>): Promise<PhoneState> {
    const state = { ...this.state(userid), ...change };
    this.states.set(userid.toLowerCase(), state);
    for (const [key, opening] of this.gateways) {
      if (!key.endsWith(`/${userid.toLowerCase()}`)) continue;
      const gateway = await opening;
      gateway.locates = state.locates;
      gateway.fakesPlace = state.fakesPlace;
      gateway.setOnline(state.online);
    }
    return state;
  }

  /** Phones are switched on again; their sessions go when `everything` is asked. */
  async reset(everything: boolean): Promise<void> {
    this.states.clear();
    for (const opening of this.gateways.values()) {
      const gateway = await opening;
      gateway.setOnline(true);
      gateway.locates = true;
      gateway.fakesPlace = false;
      if (everything) gateway.jar.clear();
    }
  }

  async close(): Promise<void> {
    for (const opening of this.gateways.values()) await (await opening).close();
    this.gateways.clear();
  }
}
