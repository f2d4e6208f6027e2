import type { Expression, PointState, SpeakerRole } from '@undertone/wire';

/** A difference from a speaker's own normal. */
export interface Difference {
  quality: 'pleasant' | 'excited';
  more: boolean;
  much: boolean;
}

/**
 * Everything that the dashboard's page says, in one language. A language is one file that fills this in, and one line in
 * `locale.ts`; what it lacks is a type error. Say how a voice sounds or is perceived, never what someone feels.
 */
export interface Messages {
  expressions: Record<Expression, string>;
  /** The same inside a sentence. */
  expressionsInline: Record<Expression, string>;
  states: Record<Exclude<PointState, 'speech'>, string>;
  statesInline: Record<Exclude<PointState, 'speech'>, string>;
  roles: Record<SpeakerRole, string>;
  voice: { listening: string; notAnalysed: string; noData: string; muted: string };

  topBar: {
    home: string;
    joinCall: string;
    link: Record<'connecting' | 'live' | 'analyzer-down' | 'reconnecting', string>;
    lightTheme: string;
    darkTheme: string;
    switchToLight: string;
    switchToDark: string;
    settings: string;
  };
  settings: {
    heading: string;
    language: string;
    browserLanguage: (name: string) => string;
    timeZone: string;
    browserTimeZone: (zone: string) => string;
    close: string;
  };
  about: {
    line: string;
    more: string;
    modelCard: string;
    heading: string;
    paragraphs: [string, string, string];
    modelCardLong: string;
    close: string;
  };

  wall: {
    title: string;
    heading: string;
    calls: (count: number) => string;
    perceivedLately: (seconds: number) => string;
    silent: string;
    notAnalysed: string;
    filters: string;
    search: string;
    searchHint: string;
    voices: string;
    voicesOf: Record<SpeakerRole | 'everyone', string>;
    order: string;
    orders: Record<'urgent' | 'newest', string>;
    show: string;
    shows: Record<'all' | 'urgent' | 'alert', string>;
    urgentGroup: string;
    otherGroup: string;
    shown: (shown: number, total: number) => string;
    held: string;
    noMatch: string;
    clearFilters: string;
    keys: string;
    connecting: string;
    connectionLost: string;
    connectionLostText: string;
    staleSince: (time: string) => string;
    analyzerDown: string;
    nothingSince: (time: string) => string;
    waitingForAnalyzer: string;
    waitingForAnalyzerText: string;
    noCalls: string;
    noCallsText: string;
    startCall: string;
  };
  card: {
    call: string;
    more: (count: number) => string;
    /** A silent voice, and what it sounded like before. */
    before: (expression: string) => string;
    speaking: string;
    urgent: (expression: string, seconds: number) => string;
    urgentLong: (expression: string, seconds: number) => string;
    alert: (rules: string, time: string) => string;
    talkShare: (percent: string) => string;
    talkTime: (percent: string) => string;
    nothingSaid: string;
    mostly: (first: string, second: string | null) => string;
  };

  call: {
    allCalls: string;
    ended: string;
    timeShown: string;
    minutes: (count: number) => string;
    zoomIn: string;
    zoomOut: string;
    wholeCall: string;
    followingLive: string;
    atTheEnd: string;
    jumpToLive: string;
    jumpToEnd: string;
    timeline: string;
    endedAt: (time: string) => string;
    endedText: string;
    connectionLost: string;
    connectionLostText: string;
    restarted: string;
    restartedText: string;
    analyzerDown: string;
    analyzerDownText: string;
    loading: string;
    missing: (callId: string) => string;
    missingText: string;
    allLiveCalls: string;
    loadingOlder: string;
    olderFailed: string;
    leftAt: (time: string) => string;
    now: string;
    confidence: (percent: string, when: string) => string;
    valence: string;
    arousal: string;
    scale: Record<'unpleasant' | 'pleasant' | 'drowsy' | 'excited' | 'even', string>;
    ownNormal: string;
    change: (differences: Difference[]) => string;
    changeDeviations: (valence: string, arousal: string) => string;
    nothingSaid: (name: string) => string;
    shares: (name: string, shares: string) => string;
    share: (expression: string, percent: string) => string;
    /** Between the parts of a list. */
    listSeparator: string;
  };
  alerts: {
    heading: string;
    severities: Record<'notice' | 'warning' | 'critical', string>;
    wholeCall: string;
    lasted: (from: string, to: string | null) => string;
    show: string;
    acknowledge: string;
    acknowledged: (time: string) => string;
    snooze: (minutes: number) => string;
    snoozed: (time: string) => string;
    note: string;
    addNote: string;
    failed: (reason: string) => string;
  };
  marks: {
    lane: string;
    talkOver: string;
    longSilence: string;
    talkOverFor: (seconds: string) => string;
    longSilenceFor: (seconds: string) => string;
    inWords: (talkOvers: number, silences: number) => string;
  };
  legend: {
    strength: string;
    silence: string;
    concealed: string;
    warmingUp: string;
    usualBand: string;
    evidence: string;
    talkOver: string;
    longSilence: string;
  };
  table: {
    open: string;
    from: string;
    to: string;
    speaker: string;
    expression: string;
    confidence: string;
    everyone: string;
    /** An expression that was held or is uncertain: the state explains it. */
    inState: (expression: string, state: string) => string;
  };
}
