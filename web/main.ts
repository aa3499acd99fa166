import { About } from './about/about.js';
import { askLive } from './about/live.js';
import { CameraCard } from './camera/camera-card.js';
import { errorWords } from './client/src/error-words.js';
import { AvatarChat } from './client/src/index.js';
import { Composer } from './composer/composer.js';
import { performActions } from './conversation/actions.js';
import { Log } from './conversation/log.js';
import { Welcome } from './conversation/welcome.js';
import { DeveloperPanel } from './developer-panel.js';
import { element } from './element.js';
import { html } from './html.js';
import { MicrophoneControls } from './microphone/microphone-controls.js';
import { Banner } from './presence/banner.js';
import { isAway, type Presence } from './presence/presence.js';
import { PresenceWatch } from './presence/presence-watch.js';
import { isToldByState } from './presence/told-by-state.js';
import { Trouble } from './presence/trouble.js';
import { Stage } from './stage/stage.js';
import { followViewport } from './viewport.js';
import { ENGLISH } from './words/english.js';
import { translate } from './words/translate.js';
import { chooseLanguage } from './words/words.js';

const query = new URL(location.href).searchParams;
const language = chooseLanguage(query.get('lang'), navigator.languages);
const { words } = language;
translate(document, language);
followViewport();

const chat = new AvatarChat({
  // A file of the server instead of a blob, which the page's policy forbids.
  microphone: { workletUrl: new URL('./client/src/microphone/capture-worklet.js', document.baseURI) },
});
const state = element('state', HTMLElement);
const stopButton = element('stop', HTMLButtonElement);
const trouble = new Trouble();
const composer = new Composer(chat, words);
const welcome = new Welcome(words.suggestions, (text) => composer.say(text));
const log = new Log(chat, words);
const banner = new Banner(words, { onConnect: () => chat.connect(), onHear: () => void chat.unlock() });
const about = new About(words);
const stage = new Stage(chat, () => {
  if (isAway(presence.now)) return 'asleep';
  return microphone.listens ? 'attentive' : 'calm';
});
const microphone = new MicrophoneControls(chat, words, (level) => stage.hearVisitor(level));
const camera = new CameraCard(chat, words, { onShown: showPicture, onTrouble: (text) => trouble.show(text) });
const developer = new DeveloperPanel({ chat, perform: (player) => stage.perform(player) });
const presence = new PresenceWatch(chat, showPresence);

showPresence(presence.now);
performActions(chat, log, words);
chat.on('transcript', () => welcome.leave());
chat.on('locked', (locked) => banner.showLocked(locked));
chat.on('microphone', (now) => {
  if (now.kind === 'failed') trouble.show(errorWords(`microphone_${now.error.code}`, '', words.errors));
});
chat.on('error', ({ code, message }) => {
  if (!isToldByState(code)) trouble.show(errorWords(code, message, words.errors));
});
chat.on('state', ({ kind }) => {
  if (kind !== 'online') return;
  trouble.hide();
  void showLive();
});
stopButton.addEventListener('click', () => chat.interrupt());
document.addEventListener('keydown', ({ key }) => {
  if (key === 'Escape' && !stopButton.disabled) chat.interrupt();
});
// Sent away for being idle: the first sign of life calls the server again.
for (const sign of ['click', 'keydown'] as const) {
  document.addEventListener(sign, () => {
    if (chat.state.kind === 'closed') chat.connect();
  });
}
chat.connect();
composer.focus();
if (query.has('developer')) void developer.open();

function showPresence(now: Presence): void {
  document.body.dataset['state'] = now.kind;
  state.textContent = words.presence[now.kind];
  stopButton.disabled = now.kind !== 'speaking' && now.kind !== 'thinking';
  banner.show(now);
}

/** Shows what was shown to the agent, and offers the question that everybody has then. */
function showPicture(picture: HTMLImageElement): void {
  welcome.leave();
  const ask = html('button', { class: 'chip', type: 'button' }, words.whatDoYouSee);
  ask.addEventListener('click', () => {
    ask.remove();
    composer.say(words.whatDoYouSee);
  });
  log.addPicture(picture, ask);
  composer.focus();
}

async function showLive(): Promise<void> {
  const live = await askLive();
  if (live === undefined) return;
  about.show(live);
  camera.offer(live.agentSees);
  // It understands and speaks nothing but English.
  if (live.agent === 'sample_offline') welcome.suggest(ENGLISH.suggestions);
}
