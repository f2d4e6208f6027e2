import type { OnnxGraph } from './onnx-message.ts';

/**
 * One step of the attention sums, body of the `Scan`: `maximum` and `weight` [N, K] and `sum` [N, K, W] are carried on,
 * `scores` [N, K] and `hidden` [N, W] are the step's, `pooled` [N, K, W] comes out; W: the GRU outputs, and their squares
 * where the deviation is wanted. See `referenceForward`.
 */
export const attentionScanBody = (W: number, K: number): OnnxGraph => ({
  name: 'attention',
  inputs: [
    { name: 'maximumIn', dims: ['N', K] },
    { name: 'weightIn', dims: ['N', K] },
    { name: 'sumIn', dims: ['N', K, W] },
    { name: 'scoresIn', dims: ['N', K] },
    { name: 'hiddenIn', dims: ['N', W] },
  ],
  outputs: [
    { name: 'maximumOut', dims: ['N', K] },
    { name: 'weightOut', dims: ['N', K] },
    { name: 'sumOut', dims: ['N', K, W] },
    { name: 'pooledOut', dims: ['N', K, W] },
  ],
  constants: [
    { name: 'axisOne', dims: [1], values: BigInt64Array.of(1n) },
    { name: 'axisTwo', dims: [1], values: BigInt64Array.of(2n) },
  ],
  nodes: [
    // `logDecays` is a constant of the outer graph.
    { operator: 'Add', inputs: ['maximumIn', 'logDecays'], outputs: ['decayed'] },
    { operator: 'Max', inputs: ['decayed', 'scoresIn'], outputs: ['maximumOut'] },
    { operator: 'Sub', inputs: ['decayed', 'maximumOut'], outputs: ['keptLog'] },
    { operator: 'Exp', inputs: ['keptLog'], outputs: ['kept'] },
    { operator: 'Sub', inputs: ['scoresIn', 'maximumOut'], outputs: ['gainedLog'] },
    { operator: 'Exp', inputs: ['gainedLog'], outputs: ['gained'] },
    { operator: 'Mul', inputs: ['weightIn', 'kept'], outputs: ['keptWeight'] },
    { operator: 'Add', inputs: ['keptWeight', 'gained'], outputs: ['weightOut'] },
    { operator: 'Unsqueeze', inputs: ['kept', 'axisTwo'], outputs: ['keptColumn'] },
    { operator: 'Unsqueeze', inputs: ['gained', 'axisTwo'], outputs: ['gainedColumn'] },
    { operator: 'Unsqueeze', inputs: ['weightOut', 'axisTwo'], outputs: ['weightColumn'] },
    { operator: 'Unsqueeze', inputs: ['hiddenIn', 'axisOne'], outputs: ['hiddenRow'] },
    { operator: 'Mul', inputs: ['sumIn', 'keptColumn'], outputs: ['keptSum'] },
    { operator: 'Mul', inputs: ['hiddenRow', 'gainedColumn'], outputs: ['gainedSum'] },
    { operator: 'Add', inputs: ['keptSum', 'gainedSum'], outputs: ['sumOut'] },
    { operator: 'Div', inputs: ['sumOut', 'weightColumn'], outputs: ['pooledOut'] },
  ],
});
