import { setImmediate as settle } from 'node:timers/promises';
import type { Join, RemoteSpeaker } from '@undertone/wire';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CallMedia } from './call-media.ts';
import { CallSession } from './call-session.ts';
import { makeSpeaker, ScriptedSignalling } from './scripted-signalling.ts';
import { SignallingError } from './signalling.ts';

const join: Join = { callId: 'shop-17', name: 'Mara', role: 'customer', consent: 'granted' };
const track = { id: 'microphone' } as MediaStreamTrack;
const producerId = '11111111-1111-4111-8111-111111111111';
const jonas: RemoteSpeaker = {
  speaker: makeSpeaker({ id: 'jonas', name: 'Jonas', role: 'agent' }),
  producerId,
};

describe('CallSession', () => {
  let signalling: ScriptedSignalling;
  let session: CallSession;
  /** What was asked of the audio, in order. */
  let media: string[];
  let failMedia: () => void;

  beforeEach(() => {
    signalling = new ScriptedSignalling();
    media = [];
    const makeMedia = (): CallMedia => ({
      speak: async ({ id }) => void media.push(`speak ${id}`),
      replaceMicrophone: async ({ id }) => void media.push(`replace ${id}`),
      setMuted: (muted) => void media.push(`muted ${muted}`),
      listen: async (id) => ({ id: `voice of ${id}` }) as MediaStream,
      close: () => void media.push('close'),
    });
    session = new CallSession(
      signalling,
      async (_signalling, _capabilities, onFailed) => {
        failMedia = onFailed;
        return makeMedia();
      },
      () => {},
    );
  });

  async function enter(): Promise<void> {
    session.join(join, track);
    await settle();
    expect(session.phase).toBe('in-call');
  }

  it('joins with the consent that was chosen and speaks', async () => {
    await enter();
    expect(signalling.asked[0]).toEqual(['join', join]);
    expect(media).toContain('speak microphone');
    expect(session.self?.decision).toEqual({ analysed: true, reason: 'customer who agreed' });
  });

  it('hears those who are there already and those who come later, and forgets those who leave', async () => {
    signalling.others = [jonas];
    await enter();
    expect(session.others.map(({ voice }) => voice?.id)).toEqual([`voice of ${producerId}`]);
    signalling.emit('speaker-changed', { speaker: makeSpeaker({ id: 'kim' }), producerId: null });
    expect(session.others.map(({ speaker, voice }) => [speaker.id, voice === null])).toEqual([
      ['jonas', false],
      ['kim', true],
    ]);
    signalling.emit('speaker-left', { speakerId: 'jonas' });
    expect(session.others.map(({ speaker }) => speaker.id)).toEqual(['kim']);
  });

  it('keeps a voice when its speaker only changes state', async () => {
    signalling.others = [jonas];
    await enter();
    const before = session.others[0].voice;
    signalling.emit('speaker-changed', { ...jonas, speaker: { ...jonas.speaker, muted: true } });
    expect(session.others[0].voice).toBe(before);
    expect(session.others[0].speaker.muted).toBe(true);
  });

  it('stops sending before it tells the bridge about the mute', async () => {
    await enter();
    const muting = session.setMuted(true);
    expect(media.at(-1)).toBe('muted true');
    await muting;
    expect(signalling.asked.at(-1)).toEqual(['set-muted', { muted: true }]);
    expect(session.self?.muted).toBe(true);
  });

  it('tells a no after a yes as withdrawal, and a no from the start as denial', async () => {
    await enter();
    await session.setConsent('denied');
    expect(signalling.asked.at(-1)).toEqual(['set-consent', { consent: 'withdrawn' }]);
    expect(session.self?.consent).toBe('withdrawn');
    session.leave();
    session.join({ ...join, consent: 'denied' }, track);
    await settle();
    await session.setConsent('denied');
    expect(signalling.asked.at(-1)).toEqual(['set-consent', { consent: 'denied' }]);
  });

  it('joins again after a lost connection, with the mute and the consent as they are by then', async () => {
    await enter();
    await session.setMuted(true);
    signalling.disconnect();
    expect([session.phase, session.problem?.code]).toEqual(['reconnecting', 'server-silent']);
    await session.setConsent('denied');
    signalling.connect();
    await settle();
    expect([session.phase, session.problem]).toEqual(['in-call', null]);
    expect(signalling.asked.findLast(([event]) => event === 'join')?.[1]).toEqual({
      ...join,
      consent: 'withdrawn',
    });
    expect(signalling.asked.at(-1)).toEqual(['set-muted', { muted: true }]);
    expect(media.slice(media.indexOf('close'))).toEqual(['close', 'muted true', 'speak microphone']);
  });

  it('begins again when a withdrawal gets no answer, so that the bridge can’t go on with the old choice', async () => {
    await enter();
    signalling.refusals.set('set-consent', new SignallingError('no-reply', 'no answer'));
    await session.setConsent('denied');
    await settle();
    expect(signalling.asked.findLast(([event]) => event === 'join')?.[1]).toEqual({
      ...join,
      consent: 'withdrawn',
    });
    expect(session.phase).toBe('in-call');
  });

  it('begins again when the media connection fails in the call', async () => {
    await enter();
    failMedia();
    expect([session.phase, session.problem?.code]).toEqual(['reconnecting', 'media-unreachable']);
    await settle();
    expect(session.phase).toBe('in-call');
    expect(media.filter((did) => did === 'speak microphone').length).toBe(2);
  });

  it('says why when the bridge refuses', async () => {
    signalling.refusals.set('join', new SignallingError('call-full', 'This call has no free place.'));
    session.join(join, track);
    await settle();
    expect([session.phase, session.problem?.code, session.problem?.advice]).toEqual([
      'out',
      'call-full',
      'This call has no free place.',
    ]);
    expect(signalling.connected).toBe(false);
  });

  it('enters the call again, with a reason until then, when the bridge has lost it', async () => {
    await enter();
    await session.setConsent('denied');
    signalling.emit('call-lost', { message: 'media server died' });
    expect([session.phase, session.problem?.code, media.at(-1)]).toEqual([
      'reconnecting',
      'call-lost',
      'close',
    ]);
    await settle();
    expect([session.phase, session.problem]).toEqual(['in-call', null]);
    expect(signalling.asked.filter(([event]) => event === 'join').at(-1)).toEqual([
      'join',
      { ...join, consent: 'withdrawn' },
    ]);
  });

  it('stays out when a call is lost that it has left', async () => {
    await enter();
    session.leave();
    signalling.emit('call-lost', { message: 'media server died' });
    await settle();
    expect([session.phase, signalling.connected]).toEqual(['out', false]);
  });

  it('leaves for good: a later connection joins nothing', async () => {
    await enter();
    session.leave();
    expect([session.phase, session.problem, signalling.connected]).toEqual(['out', null, false]);
    const asked = signalling.asked.length;
    signalling.connect();
    await settle();
    expect(signalling.asked.length).toBe(asked);
  });
});
