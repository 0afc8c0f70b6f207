import type { Edge } from '../model.js'
import type { NotFound } from './search.js'

/** What a search that was stopped says. */
export const stopped: Edge = {
  reason: 'stopped',
  next: { en: 'It was stopped: fit again.', zh: '计算已被停止：请重新拟合。' },
}

/** What a search without an end means where the model does not know better. */
export const unsettled: { readonly [W in NotFound]: Edge } = {
  nowhere: {
    reason: 'no-value-at-starts',
    next: {
      en: 'The likelihood has no value at any start: check the data, or give starts near what you expect.',
      zh: '似然函数在所有起点都没有有效值：请检查数据，或给出接近预期的起点。',
    },
  },
  limit: {
    reason: 'runs-to-a-limit',
    next: {
      en: 'The data become likelier all the way to where a parameter ends: a simpler model holds there. Take it, collect more data, or add a prior.',
      zh: '参数一直趋向其极限时似然仍在上升：此时更简单的模型成立。请改用该模型、收集更多数据，或加入先验。',
    },
  },
  level: {
    reason: 'not-determined',
    next: {
      en: 'Along some direction the likelihood hardly changes, so the data do not tell all parameters: take a model with fewer, collect more data, or add a prior.',
      zh: '沿某个方向似然几乎不变，数据无法确定全部参数：请用参数更少的模型、收集更多数据，或加入先验。',
    },
  },
  contradiction: {
    reason: 'value-against-slopes',
    next: {
      en: 'The likelihood does not change as its slopes say: the model is wrong, or overflows. Check its slopes against differences.',
      zh: '似然的变化与其斜率不符：模型实现有误或发生溢出。请用差分核对斜率。',
    },
  },
  stuck: {
    reason: 'search-stuck',
    next: {
      en: 'No step led on although the slopes do not vanish: give other starts, or check extreme values in the data.',
      zh: '斜率不为零但无法继续前进：请给出其他起点，或检查数据中的极端值。',
    },
  },
}
