import type { CallCard } from './call-card.ts';

/** The card that an arrow key leads to, as the eye does; null where there is none, or for another key. */
export function cardTowards(key: string, cards: readonly CallCard[], from: number): CallCard | null {
  switch (key) {
    case 'ArrowRight':
      return cards[from + 1] ?? null;
    case 'ArrowLeft':
      return cards[from - 1] ?? null;
    case 'Home':
      return cards[0];
    case 'End':
      return cards[cards.length - 1];
    case 'ArrowDown':
      return nearestInNextRow(cards.slice(from + 1), cards[from]);
    case 'ArrowUp':
      return nearestInNextRow(cards.slice(0, from).reverse(), cards[from]);
    default:
      return null;
  }
}

/** Of the first row in `cards` that is not that of `from`, the card nearest to it sideways. */
function nearestInNextRow(cards: readonly CallCard[], from: CallCard): CallCard | null {
  const start = from.getBoundingClientRect();
  let row: number | null = null;
  let nearest: { card: CallCard; distance: number } | null = null;
  for (const card of cards) {
    const { top, left } = card.getBoundingClientRect();
    if (top === start.top) continue;
    row ??= top;
    if (top !== row) break;
    const distance = Math.abs(left - start.left);
    if (nearest === null || distance < nearest.distance) nearest = { card, distance };
  }
  return nearest?.card ?? null;
}
