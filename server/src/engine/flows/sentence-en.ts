import type { FlowNode } from '@lianke/shared/flows/definition';
import type { SchedulePlan, Trigger } from '@lianke/shared/flows/triggers';
import type { SentenceVoice } from './sentence.js';

/** "When a record is created in [Customers], create a record in [Tasks]" */
export const english: SentenceVoice = { beginning, action, goneForm: 'deleted form', comma: ', ' };

function beginning(trigger: Trigger, source: string, field: string | undefined): string {
  switch (trigger.type) {
    case 'recordCreated':
      return `When a record is created in [${source}]`;
    case 'recordUpdated':
      return `When a record of [${source}] is changed`;
    case 'recordDeleted':
      return `When a record of [${source}] is deleted`;
    case 'recordRestored':
      return `When a record of [${source}] is restored`;
    case 'entersFilter':
      return `When a record of [${source}] meets a condition`;
    case 'formSubmitted':
      return `When the public form of [${source}] is submitted`;
    case 'approvalEnded': {
      const ends = { approved: 'approved', rejected: 'refused', withdrawn: 'withdrawn' };
      return `When an approval of [${source}] is ${trigger.outcomes.map((item) => ends[item]).join(' or ')}`;
    }
    case 'schedule':
      return planWords(trigger.plan);
    case 'dateArrives': {
      const date = `"${field ?? 'deleted field'}" of [${source}]`;
      const n = Math.abs(trigger.amount);
      const away =
        trigger.amount === 0
          ? 'On the day of'
          : `${counted(n, trigger.unit)} ${trigger.amount < 0 ? 'before' : 'after'}`;
      return `${away} ${date}${trigger.at ? ` at ${trigger.at}` : ''}`;
    }
    case 'button':
      return `When "${trigger.label}" is pressed on a record of [${source}]`;
    case 'webhook':
      return 'When another system calls';
    case 'chat':
      return `When a member ${trigger.on === 'scan' ? 'scans a code' : `sends ${keywordWords(trigger)}`} in the chat`;
    case 'called':
      return `When another flow calls with a record of [${source}]`;
  }
}

const counted = (n: number, unit: string): string => `${n} ${unit}${n === 1 ? '' : 's'}`;

const matchWords = {
  exact: '',
  startsWith: 'a message that begins with ',
  contains: 'a message that contains ',
} as const;

/** `a message that begins with "quote"` */
function keywordWords({ match, keywords }: { match: keyof typeof matchWords; keywords: readonly string[] }): string {
  return `${matchWords[match]}${keywords.map((word) => `"${word}"`).join(' or ')}`;
}

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const months = 'January February March April May June July August September October November December'.split(' ');

/** "Every week on Mon, Fri at 09:00" */
function planWords(plan: SchedulePlan): string {
  const day = (n: number) => (n === -1 ? 'the last day' : `day ${n}`);
  const week = (days: readonly number[]) => days.map((n) => weekdays[n - 1]).join(', ');
  switch (plan.every) {
    case 'minutes':
      return `Every ${counted(plan.n, 'minute')}`;
    case 'within': {
      const gap = plan.n % 60 === 0 ? counted(plan.n / 60, 'hour') : counted(plan.n, 'minute');
      return `Every ${gap} from ${plan.from} to ${plan.to} on ${plan.days === 'work' ? 'working days' : week(plan.days)}`;
    }
    case 'workday':
      return `Every working day at ${plan.at}`;
    case 'day':
      return plan.n === 1 ? `Every day at ${plan.at}` : `Every ${plan.n} days at ${plan.at}`;
    case 'week':
      return `Every week on ${week(plan.days)} at ${plan.at}`;
    case 'month':
      return `Every month on ${plan.days.map(day).join(', ')} at ${plan.at}`;
    case 'year':
      return `Every year in ${months[plan.month - 1]} on ${day(plan.day)} at ${plan.at}`;
  }
}

function action(node: FlowNode, name: (id: string) => string): string | undefined {
  switch (node.type) {
    case 'createRecord':
      return `create a record in [${name(node.formId)}]`;
    case 'updateRecord':
      return 'change the record';
    case 'upsertRecord':
      return `create or update a record of [${name(node.formId)}]`;
    case 'aggregate':
      return `aggregate [${name(node.formId)}]`;
    case 'assign':
      return 'assign an owner';
    case 'subflow':
      return 'call a sub-flow';
    case 'deleteRecord':
      return 'delete a record';
    case 'findRecords':
      return `find records of [${name(node.formId)}]`;
    case 'http':
      return 'call a service';
    case 'fill':
      return 'ask people to fill in fields';
    case 'comment':
      return 'write a comment';
    case 'email':
      return 'send mail';
    case 'groupMessage':
      return 'send a group message';
    case 'message':
      return node.kind === 'task' ? 'remind the owner' : 'send a message';
    case 'approval':
      return 'ask for approval';
    case 'cc':
      return 'send copies';
    case 'setVariables':
      return 'set variables';
    case 'transform':
      return 'transform data';
    case 'delay':
      return 'wait';
    default:
      return undefined;
  }
}
