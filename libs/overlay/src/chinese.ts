import type { Expression } from '@undertone/wire';
import type { Messages } from './messages.ts';

const expressions: Record<Expression, string> = {
  neutral: '平淡',
  calm: '平静',
  happy: '愉快',
  sad: '低落',
  angry: '愤怒',
  fearful: '恐惧',
  disgust: '厌恶',
  surprised: '惊讶',
};

/** Simplified Chinese. */
export const chinese: Messages = {
  expressions,
  soundsLike: (expression) => `听起来${expressions[expression]}`,
  unclear: '无法判断',
  confidence: (percent) => `置信度 ${percent}`,
  perhaps: (expression, percent) => `可能${expressions[expression]}，置信度 ${percent}`,
  states: {
    'not-analysed': '未分析',
    left: '已离开',
    muted: '已静音',
    'no-data': '无数据',
    listening: '正在聆听',
    silence: '未说话',
    concealed: '音频丢失',
  },
  perceivedOf: (name) => `${name}：感知到的语气`,
  bandInWords: (name, span, shares) =>
    `${name}，${span}的语音：${shares.map(({ expression, percent }) => `${expressions[expression]} ${percent}`).join('，')}`,
  bandEmpty: (name, span) => `${name}：${span}没有说话`,
  span: (seconds) => (seconds % 60 === 0 ? `最近 ${seconds / 60} 分钟` : `最近 ${seconds} 秒`),
  now: '现在',
  notice: {
    title: '语音语气分析已开启',
    text: '这里显示的是声音在听者耳中可能的语气，并不说明任何人的感受，而且常常出错。',
    understood: '知道了',
  },
  connecting: '连接中…',
  unreachable: '此页面无法连接到 Undertone，正在重试…',
  refused: 'Undertone 不允许此页面查看：令牌缺失、错误或已过期。',
  callMalformed: '请用 call 属性指定要显示的通话：1 至 64 个字母、数字、点、连字符或下划线。',
  missing: (callId) => `通话 ${callId} 尚未开始。`,
  notInCall: '尚未加入通话。',
  reconnecting: '连接已断开，正在重新连接…',
  analyzerDown: '分析已中断。',
  ended: '通话已结束。',
};
