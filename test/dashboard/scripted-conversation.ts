import { type EmotionPoint, type Expression, expressions, type Speaker } from '@undertone/wire';
import type { FakeAnalyzer } from './fake-analyzer.ts';
import { scriptedSpeaker } from './scripted-points.ts';

/** How often the scripted analyzer judges each voice. */
const pointStepMs = 200;

/** Numbers in [0, 1) from a seed (Mulberry32): every run shows the same conversations. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** How likely each expression is to be heard next, by the mood of a call. */
const moods: Record<'even' | 'souring' | 'warm' | 'worried', Partial<Record<Expression, number>>> = {
  even: { neutral: 6, calm: 4, happy: 1, surprised: 0.5 },
  souring: { angry: 5, neutral: 3, disgust: 1.5, sad: 1 },
  warm: { happy: 5, calm: 3, neutral: 2, surprised: 1.5 },
  worried: { fearful: 4, sad: 3, neutral: 3, surprised: 0.7 },
};
export type Mood = keyof typeof moods;

const places: Record<Expression, [number, number]> = {
  neutral: [0, -0.15],
  calm: [0.35, -0.5],
  happy: [0.7, 0.4],
  sad: [-0.6, -0.5],
  angry: [-0.7, 0.75],
  fearful: [-0.5, 0.55],
  disgust: [-0.6, 0.15],
  surprised: [0.2, 0.7],
};

/** Speech before a voice's own normal is known: 20 s. */
const pointsUntilNormal = 100;
const usualDeviation = 0.14;
/** As far as the wire lets it be. */
const deviations = (value: number): number => Math.min(4, Math.max(-4, value / usualDeviation));

/** One voice whose expression drifts, with pauses, warm-up and now and then lost audio, as an analyzer would tell it. */
class ScriptedVoice {
  readonly #random: () => number;
  readonly #mood: Mood;
  #mix = expressions.map((each) => (each === 'neutral' ? 0.4 : 0.6 / 7));
  #target: Expression = 'neutral';
  #targetLeft = 0;
  #strength = 0.6;
  #warmUpLeft = 8;
  #lostLeft = 0;
  #spoken = 0;

  constructor(random: () => number, mood: Mood) {
    this.#random = random;
    this.#mood = mood;
  }

  point(atMs: number, speaking: boolean): EmotionPoint {
    if (!speaking) {
      return { atMs, state: 'silence', probabilities: null, valence: null, arousal: null, confidence: 0 };
    }
    if (this.#targetLeft-- <= 0) this.#chooseTarget();
    this.#mix = this.#mix.map((before, k) => {
      const noise = 0.8 + 0.4 * this.#random();
      const goal = expressions[k] === this.#target ? this.#strength : (1 - this.#strength) / 7;
      return 0.88 * before + 0.12 * goal * noise;
    });
    const sum = this.#mix.reduce((a, b) => a + b, 0);
    this.#mix = this.#mix.map((each) => each / sum);
    const [valence, arousal] = [0, 1].map((axis) =>
      this.#mix.reduce((total, share, k) => total + share * places[expressions[k]][axis], 0),
    );
    const lost = this.#lostLeft > 0 || this.#random() < 0.002;
    if (lost) this.#lostLeft = this.#lostLeft > 0 ? this.#lostLeft - 1 : 14;
    const warmingUp = this.#warmUpLeft-- > 0;
    const confidence = Math.max(...this.#mix) * (lost ? 0.3 : warmingUp ? 0.4 : 1);
    const known = !lost && ++this.#spoken > pointsUntilNormal;
    return {
      atMs,
      state: lost ? 'concealed' : warmingUp ? 'warming-up' : 'speech',
      probabilities: [...this.#mix],
      valence,
      arousal,
      confidence,
      ...(known && { change: { valence: deviations(valence), arousal: deviations(arousal + 0.1) } }),
    };
  }

  #chooseTarget(): void {
    const weights = moods[this.#mood];
    let left = this.#random() * Object.values(weights).reduce((a, b) => a + b, 0);
    for (const [name, weight] of Object.entries(weights)) {
      left -= weight;
      if (left > 0) continue;
      this.#target = name as Expression;
      break;
    }
    this.#targetLeft = 20 + this.#random() * 70;
    this.#strength = 0.45 + this.#random() * 0.45;
  }
}

/** A conversation of two: they take turns, sometimes nobody speaks. */
export class ScriptedConversation {
  readonly speakers: Speaker[];
  readonly #voices: ScriptedVoice[];
  readonly #random: () => number;
  #turn = -1;
  #turnLeft = 0;

  constructor(
    options: { callId: string; mood: Mood; seed: number; startedAtMs: number; names: [string, string] } & {
      agentAnalysed?: boolean;
    },
  ) {
    const { callId, mood, seed, startedAtMs, names, agentAnalysed = false } = options;
    this.#random = seededRandom(seed);
    const agent = agentAnalysed
      ? { analysed: true, reason: 'demo profile, consent granted' }
      : { analysed: false, reason: 'Only customers are analysed; this is an agent.' };
    this.speakers = [
      scriptedSpeaker({ callId, id: 'customer', name: names[0], joinedAtMs: startedAtMs }),
      scriptedSpeaker({
        callId,
        id: 'agent',
        name: names[1],
        role: 'agent',
        joinedAtMs: startedAtMs + 900,
        decision: agent,
      }),
    ];
    this.#voices = [new ScriptedVoice(this.#random, mood), new ScriptedVoice(this.#random, 'even')];
  }

  async join(analyzer: FakeAnalyzer): Promise<void> {
    for (const speaker of this.speakers) await analyzer.join(speaker);
  }

  /** Tells everything between two moments, as if it had happened. */
  async tell(analyzer: FakeAnalyzer, fromMs: number, untilMs: number): Promise<void> {
    const told = this.speakers.map((): EmotionPoint[] => []);
    for (let atMs = fromMs; atMs <= untilMs; atMs += pointStepMs) {
      if (this.#turnLeft-- <= 0) {
        this.#turn = this.#random() < 0.1 ? -1 : this.#turn === 0 && this.#random() < 0.7 ? 1 : 0;
        this.#turnLeft = this.#turn < 0 ? 8 : 15 + this.#random() * 60;
      }
      this.speakers.forEach((_, k) => {
        told[k].push(this.#voices[k].point(atMs, this.#turn === k));
      });
    }
    for (const [k, speaker] of this.speakers.entries()) {
      if (!speaker.decision.analysed) continue;
      for (let i = 0; i < told[k].length; i += 200)
        await analyzer.points(speaker, ...told[k].slice(i, i + 200));
    }
  }
}

const customers = ['Dana Whitfield', 'Jonas Lindqvist', 'Mei Tanaka', 'Omar Haddad', 'Sofia Marchetti'];
const moreCustomers = ['Priya Raman', 'Lukas Brandt', 'Amara Okafor', 'Theo Laurent', 'Ines Carvalho'];
const agents = ['Ruth', 'Karim', 'Elena', 'Sam', 'Noor', 'Piotr', 'Grace'];
const callMoods: Mood[] = ['even', 'even', 'warm', 'even', 'souring', 'even', 'worried', 'warm'];

/** As many conversations as asked, begun one after the other in the last quarter of an hour. */
export function scriptedConversations(
  count: number,
  nowMs: number,
  agentAnalysed = false,
): ScriptedConversation[] {
  const names = [...customers, ...moreCustomers];
  return Array.from(
    { length: count },
    (_, i) =>
      new ScriptedConversation({
        callId: count <= 3 ? ['claim-4417', 'renewal-2093', 'support-1180'][i] : `call-${2040 + i}`,
        mood: count <= 3 ? (['souring', 'warm', 'even'] as const)[i] : callMoods[i % callMoods.length],
        seed: 11 + i,
        startedAtMs: nowMs - 250_000 - ((i * 7_919_000) % 640_000),
        names: [names[(i * 3) % names.length], agents[i % agents.length]],
        agentAnalysed,
      }),
  );
}
