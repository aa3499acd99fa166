import { Connection, type Link } from './connection.js';
import { Conversation } from './conversation.js';
import { element } from './element.js';
import { createFace } from './face/face.js';
import type { Mood } from './face/idle.js';
import type { FromServer } from './messages.js';
import { MicrophoneButton } from './microphone-button.js';
import { type Heard, Playback } from './playback.js';
import { errorWords, hideTrouble, type State, showLive, showState, showTrouble } from './status.js';

/** The server is told this often how much has been heard. */
const REPORT_EVERY_MS = 250;

const textBox = element('text', HTMLInputElement);
const sendButton = element('send', HTMLButtonElement);
const stopButton = element('stop', HTMLButtonElement);
const welcome = element('welcome', HTMLElement);

const playback = new Playback();
const conversation = new Conversation(element('conversation', HTMLElement), element('scroll', HTMLElement));
const face = createFace(element('face', HTMLElement));
const connection = new Connection(socketUrl(), { onLink, onMessage });
const microphone = new MicrophoneButton(element('microphone', HTMLButtonElement), connection, playback);

let link: Link = 'connecting';
let reportedAtMs = 0;

element('composer', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  if (say(textBox.value.trim())) textBox.value = '';
});
welcome.addEventListener('click', ({ target }) => {
  if (target instanceof HTMLElement && say(target.dataset['say'] ?? '')) focusTextBox();
});
stopButton.addEventListener('click', stop);
document.addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') stop();
});
connection.open();
requestAnimationFrame(draw);
focusTextBox();

/** Lets the visitor type at once, except where that would raise a keyboard over half the screen. */
function focusTextBox(): void {
  if (window.matchMedia('(pointer: fine)').matches) textBox.focus();
}

/** Sends what was typed; the bubble appears with the server's echo. */
function say(text: string): boolean {
  playback.unlock();
  if (text === '' || link !== 'online') return false;
  connection.send({ type: 'text', data: text });
  return true;
}

/** Stops at once; the server, told, stops sending. */
function stop(): void {
  if (!playback.speaking) return;
  connection.send({ type: 'interrupt' });
  cutOff();
}

function cutOff(turnId?: string): void {
  const cut = playback.cut(turnId);
  if (cut !== undefined) conversation.cut(cut.turnId, cut.offsetMs);
}

function onLink(next: Link): void {
  link = next;
  sendButton.disabled = link !== 'online';
  if (link === 'online') {
    hideTrouble();
    void showLive();
    microphone.resume();
  }
  if (link === 'offline') playback.complete(); // what has come is still played
}

function onMessage(message: FromServer): void {
  switch (message.type) {
    case 'config':
      playback.preferredRate = message.audio.outputSampleRate;
      microphone.preferredRate = message.audio.inputSampleRate;
      break;
    case 'audio_start':
      playback.begin(message.turnId, message.sampleRate);
      conversation.begin(message.turnId);
      welcome.hidden = true;
      break;
    case 'sync_frame':
      playback.push(message);
      break;
    case 'audio_end':
      playback.complete(message.turnId);
      break;
    case 'transcript_delta':
      if (message.role === 'assistant')
        conversation.addWord(message.turnId, message.text, message.startOffset);
      break;
    case 'transcript_done':
      welcome.hidden = true;
      if (message.role === 'user') conversation.addUser(message.text);
      else conversation.complete(message.turnId);
      break;
    case 'interrupt':
      cutOff(message.turnId);
      break;
    case 'error':
      showTrouble(errorWords(message.code, message.message));
      break;
    case 'avatar_state': // the sound itself says when the avatar speaks
    case 'pong':
      break;
  }
}

/** Once per picture: what is heard decides what is seen. */
function draw(nowMs: number): void {
  const heard = playback.heard();
  if (heard !== undefined) {
    conversation.reveal(heard.turnId, heard.offsetMs);
    report(heard, nowMs);
  }
  if (!playback.speaking) conversation.finish();
  const state = currentState();
  showState(state);
  stopButton.disabled = !playback.speaking;
  face.draw(heard?.weights, moodIn(state), nowMs);
  requestAnimationFrame(draw);
}

/** Tells the server what is heard, so that an interrupted answer is cut, and remembered, at the right word. */
function report({ turnId, offsetMs }: Heard, nowMs: number): void {
  if (link !== 'online' || nowMs - reportedAtMs < REPORT_EVERY_MS) return;
  reportedAtMs = nowMs;
  connection.send({ type: 'playback', turnId, playedMs: offsetMs });
}

function currentState(): State {
  if (playback.speaking) return 'speaking';
  return link === 'online' ? 'listening' : link;
}

function moodIn(state: State): Mood {
  if (state === 'offline' || state === 'connecting') return 'asleep';
  if (state === 'speaking') return 'speaking';
  return microphone.open ? 'attentive' : 'calm';
}

function socketUrl(): URL {
  const url = new URL('./ws', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.search = '';
  return url;
}
