import type { FlowNode } from '@lianke/shared/flows/definition';
import type { SchedulePlan, Trigger } from '@lianke/shared/flows/triggers';
import type { SentenceVoice } from './sentence.js';

/** 「当【客户信息表】新增数据时，在【销售任务表】新增一条」 */
export const chinese: SentenceVoice = { beginning, action, goneForm: '已删除的表单', comma: '，' };

function beginning(trigger: Trigger, source: string, field: string | undefined): string {
  switch (trigger.type) {
    case 'recordCreated':
      return `当【${source}】新增数据时`;
    case 'recordUpdated':
      return `当【${source}】修改数据时`;
    case 'recordDeleted':
      return `当【${source}】删除数据时`;
    case 'recordRestored':
      return `当【${source}】恢复数据时`;
    case 'entersFilter':
      return `当【${source}】的数据满足条件时`;
    case 'formSubmitted':
      return `当【${source}】的公开表单收到数据时`;
    case 'approvalEnded': {
      const ends = { approved: '通过', rejected: '被拒绝', withdrawn: '撤回' };
      return `当【${source}】的审批${trigger.outcomes.map((item) => ends[item]).join('或')}时`;
    }
    case 'schedule':
      return `${planWords(trigger.plan)}`;
    case 'dateArrives': {
      const units = { minute: '分钟', hour: '小时', day: '天', month: '个月' };
      const away =
        trigger.amount === 0
          ? '当天'
          : `${trigger.amount < 0 ? '前' : '后'} ${Math.abs(trigger.amount)} ${units[trigger.unit]}`;
      return `在【${source}】的“${field ?? '已删除的字段'}”${away}${trigger.at ? ` ${trigger.at}` : ''}`;
    }
    case 'button':
      return `在【${source}】的数据上点“${trigger.label}”时`;
    case 'webhook':
      return '当其他系统调用时';
    case 'chat':
      return `当成员在聊天里${trigger.on === 'scan' ? '扫码' : `发送${keywordWords(trigger)}`}时`;
    case 'called':
      return `当其他流程用【${source}】的数据调用时`;
  }
}

const matchWords = { exact: '', startsWith: '开头的消息', contains: '的消息' } as const;

/** 「以“报价”开头的消息」 */
function keywordWords({ match, keywords }: { match: keyof typeof matchWords; keywords: readonly string[] }): string {
  const names = keywords.map((word) => `“${word}”`).join('或');
  return `${match === 'startsWith' ? '以' : match === 'contains' ? '含' : ''}${names}${matchWords[match]}`;
}

const weekdays = ['一', '二', '三', '四', '五', '六', '日'];

/** 「每周一、周五 09:00」 */
function planWords(plan: SchedulePlan): string {
  const day = (n: number) => (n === -1 ? '最后一天' : `${n} 日`);
  switch (plan.every) {
    case 'minutes':
      return `每 ${plan.n} 分钟`;
    case 'within': {
      const gap = plan.n % 60 === 0 ? `${plan.n / 60} 小时` : `${plan.n} 分钟`;
      const days = plan.days === 'work' ? '工作日' : plan.days.map((n) => `周${weekdays[n - 1]}`).join('、');
      return `${days} ${plan.from}–${plan.to} 每 ${gap}`;
    }
    case 'workday':
      return `每个工作日 ${plan.at}`;
    case 'day':
      return plan.n === 1 ? `每天 ${plan.at}` : `每 ${plan.n} 天 ${plan.at}`;
    case 'week':
      return `每${plan.days.map((n) => `周${weekdays[n - 1]}`).join('、')} ${plan.at}`;
    case 'month':
      return `每月 ${plan.days.map(day).join('、')} ${plan.at}`;
    case 'year':
      return `每年 ${plan.month} 月 ${day(plan.day)} ${plan.at}`;
  }
}

function action(node: FlowNode, name: (id: string) => string): string | undefined {
  switch (node.type) {
    case 'createRecord':
      return `在【${name(node.formId)}】新增一条`;
    case 'updateRecord':
      return '修改数据';
    case 'upsertRecord':
      return `在【${name(node.formId)}】新增或修改一条`;
    case 'aggregate':
      return `统计【${name(node.formId)}】`;
    case 'assign':
      return '分配负责人';
    case 'subflow':
      return '调用子流程';
    case 'deleteRecord':
      return '删除数据';
    case 'findRecords':
      return `查找【${name(node.formId)}】`;
    case 'http':
      return '调用接口';
    case 'fill':
      return '请人填写';
    case 'comment':
      return '写评论';
    case 'email':
      return '发邮件';
    case 'groupMessage':
      return '发群消息';
    case 'message':
      return node.kind === 'task' ? '提醒负责人' : '发消息';
    case 'approval':
      return '审批';
    case 'cc':
      return '抄送';
    case 'setVariables':
      return '设置变量';
    case 'transform':
      return '转换数据';
    case 'delay':
      return '等待';
    default:
      return undefined;
  }
}
