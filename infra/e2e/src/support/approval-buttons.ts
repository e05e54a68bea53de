import { type RouteName, routes } from '@lianke/shared/api/routes';
import { taskActions } from '@lianke/shared/tasks/api';
import { taskContracts } from '@lianke/shared/tasks/contracts';
import type { Page } from 'playwright-core';

const first = 'approvals';
const second = 'approvals-more';
/** The tests that press buttons of approvals. */
type ButtonTest = typeof first | typeof second;
const devices = ['PC', '手机'] as const;
/** Where a button is pressed: on the console, or in the mini-app. */
export type Device = (typeof devices)[number];

/** What a button says, what it asks of the server, and which test presses it on which device. */
type Button = { label: string; route: RouteName } & Record<Device, ButtonTest>;
type TaskAction = (typeof taskActions)[number];
type OtherButton = 'approveMany' | 'readCopy' | 'phrases' | 'print' | 'away' | 'endAway';
export type ButtonName = TaskAction | OtherButton;

/** Every button of an approval: the actions of a task, and what its pages and lists offer beside them. */
const buttons: Record<ButtonName, Button> = {
  approve: { label: '同意', route: 'tasks.approve', PC: first, 手机: first },
  reject: { label: '拒绝', route: 'tasks.reject', PC: first, 手机: first },
  advise: { label: '提交意见', route: 'tasks.approve', PC: second, 手机: first },
  choose: { label: '选择审批人', route: 'tasks.choose', PC: second, 手机: second },
  resubmit: { label: '重新提交', route: 'tasks.resubmit', PC: first, 手机: second },
  answer: { label: '补充材料', route: 'tasks.answer', PC: first, 手机: second },
  fill: { label: '提交', route: 'tasks.fill', PC: second, 手机: second },
  transfer: { label: '转办', route: 'tasks.transfer', PC: first, 手机: first },
  delegate: { label: '委派', route: 'tasks.delegate', PC: first, 手机: second },
  addSigner: { label: '加签', route: 'tasks.addSigners', PC: first, 手机: first },
  removeSigner: { label: '减签', route: 'tasks.removeSigner', PC: first, 手机: first },
  return: { label: '退回', route: 'tasks.return', PC: first, 手机: first },
  askInfo: { label: '要求补充材料', route: 'tasks.askInfo', PC: second, 手机: first },
  recall: { label: '撤回同意', route: 'tasks.recall', PC: second, 手机: first },
  cc: { label: '抄送', route: 'tasks.copy', PC: first, 手机: first },
  unlock: { label: '解锁数据', route: 'runs.unlock', PC: second, 手机: second },
  withdraw: { label: '撤回', route: 'runs.withdraw', PC: first, 手机: second },
  urge: { label: '催办', route: 'runs.urge', PC: first, 手机: second },
  approveMany: { label: '批量同意', route: 'tasks.approveMany', PC: first, 手机: first },
  readCopy: { label: '抄送我的', route: 'copies.read', PC: first, 手机: first },
  phrases: { label: '编辑常用意见', route: 'phrases.set', PC: second, 手机: second },
  print: { label: '打印', route: 'prints.approval', PC: first, 手机: first },
  away: { label: '开始代理', route: 'aways.create', PC: second, 手机: second },
  endAway: { label: '结束', route: 'aways.end', PC: second, 手机: second },
};
const names = Object.keys(buttons) as ButtonName[];

/** They belong to to-dos, which are no approvals. */
const ofTodos: readonly string[] = ['tasks.complete', 'tasks.reopen'];

/** Keeps a record of which button was pressed on which device, and had done by the server what it stands for. */
export class Presses {
  private readonly done = new Set<string>();

  constructor(private readonly test: ButtonTest) {}

  /** Presses by `work`; fails when the server is not asked for what the button stands for, or refuses it. */
  async press(device: Device, name: ButtonName, page: Page, work: () => Promise<unknown>): Promise<void> {
    const { label, route } = buttons[name];
    const [method, path] = routes[route];
    const address = new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`);
    // The context's: what is printed opens in a window of its own.
    const asked = page
      .context()
      .waitForEvent(
        'response',
        (answer) => answer.request().method() === method && address.test(new URL(answer.url()).pathname),
      );
    const [answer] = await Promise.all([asked, work()]);
    if (!answer.ok()) throw new Error(`${device} ${label}：${answer.status()} ${await answer.text()}`);
    this.done.add(`${device} ${label}`);
  }

  /**
   * What is still owed: buttons that this test has not pressed where it should, actions of the contract that no test
   * presses, and routes that change an approval and have no button here.
   */
  owed(): string[] {
    const reached = new Set<string>([...names.map((name) => buttons[name].route), ...ofTodos]);
    return [
      ...devices.flatMap((device) =>
        names
          .filter((name) => buttons[name][device] === this.test)
          .map((name) => `${device} ${buttons[name].label}`)
          .filter((press) => !this.done.has(press)),
      ),
      ...taskActions.filter((action) => !(action in buttons)),
      ...(Object.keys(taskContracts) as (keyof typeof taskContracts)[]).filter(
        (route) => routes[route][0] !== 'GET' && !reached.has(route),
      ),
    ];
  }
}

/** The button that says so. */
export function named(label: string): ButtonName {
  const name = names.find((each) => buttons[each].label === label);
  if (!name) throw new Error(`no button of an approval says “${label}”`);
  return name;
}
