/** 数据的详情页、评论和往来. */
export const zhRecord = {
  'comment.title': '评论',
  'comment.hint': '写评论，@ 同事会在聊天里通知到他',
  'comment.mention': '提到同事',
  'comment.mentionMark': '@ 同事',
  'comment.send': '发表',
  'comment.edited': '已修改',
  'comment.delete': '删除评论',
  'comment.deleteAsk': '删除这条评论？',
  'comment.untold': '{names}看不到这条数据，没有通知',
  'timeline.run': '流程“{name}”{state}',
  'timeline.waiting': '等待中',
  'timeline.running': '运行中',
  'timeline.done': '已完成',
  'timeline.failed': '没有完成',
  'timeline.cancelled': '已取消',
};
