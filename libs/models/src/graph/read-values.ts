import type { OnnxNode } from '../export/onnx-message.ts';

/** The values that nodes read, those in the bodies of their loops included. */
export function namesRead(nodes: readonly OnnxNode[]): Set<string> {
  const names = new Set<string>();
  for (const { inputs, attributes = {} } of nodes) {
    for (const input of inputs) names.add(input);
    const bodies = Object.values(attributes).filter((value) => typeof value === 'object' && 'nodes' in value);
    for (const { nodes: inner } of bodies) for (const name of namesRead(inner)) names.add(name);
  }
  return names;
}

/** Operators whose outputs but the first may be left out. */
const withOptionalOutputs = new Set(['LayerNormalization', 'MaxPool']);

/**
 * The nodes without optional outputs that are not `used`: not every provider can compute them, such as the positions of `MaxPool`, and
 * others have a faster way without.
 */
export const withoutUnread = (nodes: readonly OnnxNode[], used: ReadonlySet<string>): OnnxNode[] =>
  nodes.map((node) => {
    if (!withOptionalOutputs.has(node.operator)) return node;
    const last = node.outputs.findLastIndex((output) => used.has(output));
    return { ...node, outputs: node.outputs.slice(0, Math.max(1, last + 1)) };
  });
