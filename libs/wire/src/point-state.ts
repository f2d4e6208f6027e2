/**
 * What the voice was doing at a point:
 * - `speech`: enough speech was heard for a judgement;
 * - `warming-up`: speech, but too little of it yet; probabilities are shown with low confidence;
 * - `silence`: no speech, therefore no expression (`probabilities`, `valence` and `arousal` are null);
 * - `concealed`: most of the audio was lost and concealed; the last judgement is held with low confidence.
 */
export const pointStates = ['speech', 'warming-up', 'silence', 'concealed'] as const;
export type PointState = (typeof pointStates)[number];
